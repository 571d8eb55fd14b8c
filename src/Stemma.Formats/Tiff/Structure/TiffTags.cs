using System.Collections.Frozen;

namespace Stemma.Formats.Tiff.Structure;

/// <summary>Tag numbers and their names: TIFF 6.0, Adobe's technical notes, and the private tags of the vendors we know.</summary>
internal static class TiffTags
{
    public const ushort NewSubfileType = 254;
    public const ushort ImageWidth = 256;
    public const ushort ImageLength = 257;
    public const ushort BitsPerSample = 258;
    public const ushort Compression = 259;
    public const ushort PhotometricInterpretation = 262;
    public const ushort FillOrder = 266;
    public const ushort ImageDescription = 270;
    public const ushort Make = 271;
    public const ushort Model = 272;
    public const ushort StripOffsets = 273;
    public const ushort SamplesPerPixel = 277;
    public const ushort RowsPerStrip = 278;
    public const ushort StripByteCounts = 279;
    public const ushort XResolution = 282;
    public const ushort YResolution = 283;
    public const ushort PlanarConfiguration = 284;
    public const ushort ResolutionUnit = 296;
    public const ushort Software = 305;
    public const ushort DateTime = 306;
    public const ushort Artist = 315;
    public const ushort Predictor = 317;
    public const ushort TileWidth = 322;
    public const ushort TileLength = 323;
    public const ushort TileOffsets = 324;
    public const ushort TileByteCounts = 325;
    public const ushort SubIfds = 330;
    public const ushort SampleFormat = 339;
    public const ushort YCbCrSubSampling = 530;
    public const ushort ImageDepth = 32997;
    public const ushort OlympusSis = 33560;
    public const ushort Uic1 = 33628;
    public const ushort Uic2 = 33629;
    public const ushort Uic3 = 33630;
    public const ushort Uic4 = 33631;
    public const ushort ZeissSem = 34118;
    public const ushort Exif = 34665;
    public const ushort FeiSfeg = 34680;
    public const ushort FeiHelios = 34682;
    public const ushort FeiTitan = 34683;
    public const ushort ImageJByteCounts = 50838;
    public const ushort ImageJMetadata = 50839;
    public const ushort MicroManager = 51123;
    public const ushort GatanUnitX = 65003;
    public const ushort GatanOriginX = 65006;
    public const ushort GatanScaleX = 65009;
    public const ushort GatanUnitNameX = 65012;
    public const ushort GatanIntensityOffset = 65024;
    public const ushort GatanTags = 65027;

    private static readonly FrozenDictionary<ushort, string> Names = new Dictionary<ushort, string>
    {
        [254] = "NewSubfileType", [255] = "SubfileType", [256] = "ImageWidth", [257] = "ImageLength", [258] = "BitsPerSample", [259] = "Compression",
        [262] = "PhotometricInterpretation", [263] = "Threshholding", [266] = "FillOrder", [269] = "DocumentName", [270] = "ImageDescription",
        [271] = "Make", [272] = "Model", [273] = "StripOffsets", [274] = "Orientation", [277] = "SamplesPerPixel", [278] = "RowsPerStrip",
        [279] = "StripByteCounts", [280] = "MinSampleValue", [281] = "MaxSampleValue", [282] = "XResolution", [283] = "YResolution",
        [284] = "PlanarConfiguration", [285] = "PageName", [286] = "XPosition", [287] = "YPosition", [290] = "GrayResponseUnit",
        [291] = "GrayResponseCurve", [292] = "T4Options", [293] = "T6Options", [296] = "ResolutionUnit", [297] = "PageNumber",
        [301] = "TransferFunction", [305] = "Software", [306] = "DateTime", [315] = "Artist", [316] = "HostComputer", [317] = "Predictor",
        [318] = "WhitePoint", [319] = "PrimaryChromaticities", [320] = "ColorMap", [321] = "HalftoneHints", [322] = "TileWidth",
        [323] = "TileLength", [324] = "TileOffsets", [325] = "TileByteCounts", [330] = "SubIFDs", [332] = "InkSet", [333] = "InkNames",
        [334] = "NumberOfInks", [336] = "DotRange", [338] = "ExtraSamples", [339] = "SampleFormat", [340] = "SMinSampleValue",
        [341] = "SMaxSampleValue", [347] = "JPEGTables", [513] = "JPEGInterchangeFormat", [514] = "JPEGInterchangeFormatLength",
        [529] = "YCbCrCoefficients", [530] = "YCbCrSubSampling", [531] = "YCbCrPositioning", [532] = "ReferenceBlackWhite", [700] = "XMP",
        [32932] = "WangAnnotation", [32997] = "ImageDepth", [33432] = "Copyright", [33434] = "ExposureTime", [33437] = "FNumber",
        [33445] = "MDFileTag", [33471] = "OlympusINI", [33550] = "ModelPixelScale", [33560] = "OlympusSIS", [33628] = "UIC1", [33629] = "UIC2",
        [33630] = "UIC3", [33631] = "UIC4", [33723] = "IPTC", [33922] = "ModelTiepoint", [34118] = "CZ_SEM", [34361] = "MM_Header", [34362] = "MM_Stamp",
        [34377] = "ImageResources", [34412] = "CZ_LSMINFO", [34665] = "Exif", [34675] = "ICCProfile", [34680] = "FEI_SFEG",
        [34682] = "FEI_HELIOS", [34683] = "FEI_TITAN", [34853] = "GPS", [34855] = "ISOSpeedRatings", [36864] = "ExifVersion",
        [36867] = "DateTimeOriginal", [36868] = "DateTimeDigitized", [36880] = "OffsetTime", [37121] = "ComponentsConfiguration",
        [37383] = "MeteringMode", [37706] = "TVIPS", [37707] = "TVIPS1", [37708] = "TVIPS2", [37709] = "TVIPS3", [37710] = "TVIPS4",
        [37724] = "ImageSourceData", [40960] = "FlashpixVersion", [40961] = "ColorSpace", [40962] = "PixelXDimension",
        [40963] = "PixelYDimension", [41985] = "CustomRendered", [41986] = "ExposureMode", [41987] = "WhiteBalance", [42016] = "ImageUniqueID",
        [42112] = "GDAL_METADATA", [42113] = "GDAL_NODATA", [43314] = "NIHImageHeader", [50288] = "FluoViewPixelMap", [50431] = "TESCAN", [50838] = "IJMetadataByteCounts",
        [50839] = "IJMetadata", [51123] = "MicroManagerMetadata", [65002] = "GatanDescription", [65003] = "GatanUnitX", [65004] = "GatanUnitY", [65005] = "GatanUnitZ",
        [65006] = "GatanOriginX", [65007] = "GatanOriginY", [65008] = "GatanOriginZ", [65009] = "GatanScaleX", [65010] = "GatanScaleY",
        [65011] = "GatanScaleZ", [65012] = "GatanUnitNameX", [65013] = "GatanUnitNameY", [65014] = "GatanUnitNameZ", [65022] = "GatanIntensityUnit",
        [65023] = "GatanIntensityUnitName", [65024] = "GatanIntensityOffset", [65025] = "GatanIntensityScale", [65027] = "GatanTags",
    }.ToFrozenDictionary();

    /// <summary>The tag's name; its number where it has none that we know.</summary>
    public static string Name(ushort tag) => Names.GetValueOrDefault(tag) ?? tag.ToString();
}
