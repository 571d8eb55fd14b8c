import type { components } from './schema';

/** The wire records of the hub's API under their own names. The schema is generated from the hub's OpenAPI description (`npm run types`). */
type Schemas = components['schemas'];

export type AccessEntry = Schemas['AccessEntry'];
export type Access = Schemas['Access'];
export type Placement = Schemas['Placement'];
export type AccessToken = Schemas['AccessToken'];
export type Account = Schemas['Account'];
export type Annotation = Schemas['Annotation'];
export type AnnotationKind = Schemas['AnnotationKind'];
export type AnnotationPage = Schemas['AnnotationPage'];
export type Calibration = Schemas['Calibration'];
export type Capability = Schemas['Capability'];
export type Deposited = Schemas['Deposited'];
export type ExtractionFacts = Schemas['ExtractionFacts'];
export type Facet = Schemas['Facet'];
export type FacetValue = Schemas['FacetValue'];
export type Field = Schemas['Field'];
export type FieldDefinition = Schemas['FieldDefinition'];
export type FieldTarget = Schemas['FieldTarget'];
export type FieldTemplate = Schemas['FieldTemplate'];
export type FieldValue = Schemas['FieldValue'];
export type FileRecord = Schemas['FileRecord'];
export type FileRereading = Schemas['FileRereading'];
export type FoundPlace = Schemas['FoundPlace'];
export type GuestLink = Schemas['GuestLink'];
export type HarvestSourceRecord = Schemas['HarvestSourceRecord'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type KeyDifference = Schemas['KeyDifference'];
export type ManifestEntry = Schemas['ManifestEntry'];
export type Me = Schemas['Me'];
export type MovedFileSets = Schemas['MovedFileSets'];
export type TaggedFileSets = Schemas['TaggedFileSets'];
export type TrashedFileSet = Schemas['TrashedFileSet'];
export type TrashedFileSets = Schemas['TrashedFileSets'];
export type RestoredMany = Schemas['RestoredMany'];
export type Refused = Schemas['Refused'];
export type MetadataView = Schemas['MetadataView'];
export type Node = Schemas['Node'];
export type NodeKind = Schemas['NodeKind'];
export type NewFieldTemplate = Schemas['NewFieldTemplate'];
export type NodeName = Schemas['NodeName'];
export type ObjectField = Schemas['ObjectField'];
export type ObjectFields = Schemas['ObjectFields'];
export type PastFieldValue = Schemas['PastFieldValue'];
export type Person = Schemas['Person'];
export type Principal = Schemas['Principal'];
export type ProjectSidecars = Schemas['ProjectSidecars'];
export type ReaderMark = Schemas['ReaderMark'];
export type ReadersState = Schemas['ReadersState'];
export type ReadingChange = Schemas['ReadingChange'];
export type Remark = Schemas['Remark'];
export type RemarkVersion = Schemas['RemarkVersion'];
export type RereadFile = Schemas['RereadFile'];
export type RereadingRecord = Schemas['RereadingRecord'];
export type Restored = Schemas['Restored'];
export type SavedSearch = Schemas['SavedSearch'];
export type SearchFacets = Schemas['SearchFacets'];
export type SearchField = Schemas['SearchField'];
export type SearchMatch = Schemas['SearchMatch'];
export type SearchSuggestion = Schemas['SearchSuggestion'];
export type TagUse = Schemas['TagUse'];
export type Sample = Schemas['Sample'];
export type TableReport = Schemas['TableReport'];
/** With the moment at which it goes for good, from hubs that say it. */
export type TrashItem = Schemas['TrashItem'];
export type UnfinishedUpload = Schemas['UnfinishedUpload'];
export type Unit = Schemas['Unit'];
export type VocabularyTerm = Schemas['VocabularyTerm'];

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** What the schema leaves open, because the worker says it: the same records as `stemma inspect` prints. */
export interface Axis {
  name: string;
  role: 'navigation' | 'signal';
  size: number;
  scale: number | null;
  offset: number | null;
  unit: string | null;
}

export interface Preview {
  width: number;
  height: number;
  /** What is seen, in words: middle of 60 planes along z. */
  shows: string;
  /** Values shown as black and white. */
  low: number | null;
  high: number | null;
  /** Null where it means nothing, as for a curve. */
  sourcePixelsPerPixel: number | null;
  /** Index of the axis that runs to the right; null where there is no single one, left out by workers that did not say. */
  horizontalAxis?: number | null;
  /** Of the axis that runs down. */
  verticalAxis?: number | null;
}

export interface AcquiredValue {
  value: string | number | boolean;
  unit: string | null;
  source: string;
}

export type Reading = 'waiting' | 'reading' | 'read' | 'no_reader' | 'failed';

export type Image = Omit<Schemas['Image'], 'axes' | 'preview'> & { axes: Axis[]; preview: Preview | null };

export type FileSet = Omit<Schemas['FileSet'], 'image' | 'reading'> & { image: Image | null; reading: Reading };

export type FileSetDetail = FileSet & Omit<Schemas['FileSetDetail'], keyof FileSet | 'images' | 'acquisition'>
  & { images: Image[]; acquisition: Record<string, AcquiredValue> | null };

export type SearchHit = Omit<Schemas['SearchHit'], 'file' | 'acquisition'> & { file: FileSet; acquisition: Record<string, AcquiredValue> | null };

export type SearchPage = Omit<Schemas['SearchPage'], 'items'> & { items: SearchHit[] };

/** Events of the live stream; they are no part of the schema. */
export interface LiveFileSet {
  id: string;
  datasetId: string;
  reading: Reading;
  readingNote: string | null;
  progress: number | null;
}

export interface LiveRemark {
  objectId: string;
  objectKind: 'node' | 'file-set';
  kind: Remark['kind'];
  id: string;
}

/** The values that people wrote about a file set changed. */
export interface LiveFields {
  objectId: string;
}

export interface LiveNode {
  id: string;
  parentId: string | null;
  change: string;
}
