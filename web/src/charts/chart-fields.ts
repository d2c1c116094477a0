import { useMemo } from 'react';
import type { FieldOption } from '../fields/field-options.js';
import { metadataOptions } from '../fields/field-options.js';
import { byInterest } from '../fields/by-interest.js';
import { useKnownFields } from '../fields/use-known-fields.js';

const host = (field: string, label: string): FieldOption => ({
  field,
  label,
  types: [],
  trials: null,
  depth: 0,
});

const NUMBERS: readonly FieldOption[] = [host('trial.duration', 'Duration (s)')];
const GROUPS: readonly FieldOption[] = [
  host('experiment.name', 'Experiment'),
  host('trial.state', 'State'),
  host('project.name', 'Project'),
];

/** What runs are measured by, told by its name; other numbers are more often settings. */
const RESULT = /runtime|duration|seconds|latency|throughput|accuracy|loss/i;

/** What can be drawn as a number and what can make groups, the commonest first; empty until the fields are known. */
export interface ChartFields {
  readonly numbers: readonly FieldOption[];
  readonly groups: readonly FieldOption[];
  /** The number that is drawn when none is chosen. */
  readonly likeliest: string | undefined;
  /** Whether there are fields that only a search finds. */
  readonly more: boolean;
}

/** The fields whose name holds `q`: of the most common ones, and with a `q` of all. */
export function useChartFields(projectId: number | undefined, q = ''): ChartFields {
  const known = useKnownFields(projectId, q);
  return useMemo(() => {
    if (known.data === undefined) return { numbers: [], groups: [], likeliest: undefined, more: false };
    const named = ({ label }: FieldOption): boolean => label.toLowerCase().includes(q.toLowerCase());
    // As in a search: every field by its whole path.
    const options = [...metadataOptions(known.data.items, ' ')].sort((a, b) =>
      byInterest({ path: a.label, trials: a.trials }, { path: b.label, trials: b.trials }),
    );
    const numbers = options.filter(({ types }) => types.includes('number'));
    const groups = options
      .filter(({ types }) =>
        types.some((type) => type === 'string' || type === 'boolean' || type === 'number'),
      )
      .sort((a, b) => (b.trials ?? 0) - (a.trials ?? 0) || a.label.localeCompare(b.label));
    return {
      numbers: [...numbers, ...NUMBERS].filter(named),
      groups: [...groups, ...GROUPS].filter(named),
      more: known.data.next !== null,
      likeliest: (numbers.find(({ label }) => RESULT.test(label)) ?? numbers[0] ?? NUMBERS[0])?.field,
    };
  }, [known.data, q]);
}
