import { ChoiceField, SelectField, TextArea, TextField } from '../ui/field.tsx';
import type { Draft } from './draft.ts';
import type { DraftFieldsProps } from './name-fields.tsx';

const answers = [
  { value: 'url', label: 'My answer URL', meaning: 'your bot or IVR says what happens on the call' },
  { value: 'xml', label: 'Plivo XML, written here', meaning: 'the same for every call' },
] as const;

/** What a person hears who picks up, and what happens when a machine does. */
export function AnswerFields({ draft, change }: DraftFieldsProps) {
  return (
    <>
      <ChoiceField
        label="When somebody answers"
        value={draft.answer}
        setValue={(answer) => change({ answer })}
        options={answers}
      />
      {draft.answer === 'url' ? (
        <TextField
          label="Answer URL"
          type="url"
          required
          maxLength={2_000}
          placeholder="https://bot.example.com/answer"
          spellCheck={false}
          value={draft.answerUrl}
          onChange={({ target }) => change({ answerUrl: target.value })}
        />
      ) : (
        <TextArea
          label="Answer XML"
          required
          maxLength={65_536}
          rows={5}
          spellCheck={false}
          value={draft.answerXml}
          onChange={({ target }) => change({ answerXml: target.value })}
        />
      )}
      <SelectField
        label="Voicemail and other machines"
        value={draft.machineDetection}
        onChange={({ target }) => change({ machineDetection: target.value as Draft['machineDetection'] })}
      >
        <option value="off">Not looked for</option>
        <option value="detect">Detected, and the call goes on</option>
        <option value="hangup">Detected, and hung up on</option>
      </SelectField>
    </>
  );
}
