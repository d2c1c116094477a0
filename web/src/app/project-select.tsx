import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { getProjects } from '../api/projects.js';
import { useView } from '../view/use-view.js';

/** Which project the tables and menus are about; all of them when none is chosen. */
export function ProjectSelect(): ReactElement | null {
  const { view, change } = useView();
  const projects = useQuery({
    queryKey: ['projects'],
    queryFn: ({ signal }) => getProjects(signal),
    staleTime: 60_000,
  });
  const data = (projects.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  return (
    <Select
      size="xs"
      w={240}
      aria-label="Project"
      placeholder="All projects"
      data={data}
      value={view.projectId === undefined ? null : String(view.projectId)}
      onChange={(value) =>
        change({ projectId: value === null ? undefined : Number(value), viewId: undefined })
      }
      clearable
      searchable
      nothingFoundMessage="No project of that name"
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
