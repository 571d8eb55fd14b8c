import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRemarkVersions } from '../api/queries';
import type { Remark, RemarkVersion } from '../api/types';
import { Description } from '../shared/Description';
import { Moment } from '../shared/Moment';
import { ProblemView } from '../shared/ProblemView';
import { sayProblem } from '../shared/toasts';
import { Waiting } from '../shared/Waiting';
import { changeRemark } from './changes';
import classes from './Remarks.module.css';

/** All texts that a note or comment had, newest first; an earlier one can be made the present one again, which is one more version. */
export default function VersionsDialog({ remark, onClose }: { remark: Remark; onClose: () => void }) {
  const versions = useRemarkVersions(remark.id);
  const use = useMutation({ mutationFn: ({ body }: RemarkVersion) => changeRemark(remark, body, remark.version), onSuccess: onClose, onError: sayProblem });
  return (
    <Modal opened onClose={onClose} title={`Texts of this ${remark.kind}`} size="lg">
      {versions.isError ? <ProblemView error={versions.error} what="list" /> : !versions.data ? <Waiting for="the earlier texts" /> : (
        <ol className={classes.versions} reversed>
          {versions.data.map((text) => (
            <li key={text.version}>
              <p className={classes.who}>
                <strong>{text.writtenBy.name}</strong> <Moment at={text.writtenAt} />
                {text.version === remark.version ? ' the present text' : remark.mayChange && <Button size="compact-xs" variant="default" loading={use.isPending} onClick={() => use.mutate(text)}>Use this text again</Button>}
              </p>
              <Description text={text.body} />
            </li>
          ))}
        </ol>
      )}
    </Modal>
  );
}
