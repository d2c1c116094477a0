import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useView } from '../view/use-view.js';
import { usePageProject } from './use-page-project.js';
import { useProjects } from './use-projects.js';

/**
 * Which project the tables and menus are about; all of them when none is chosen. On the page of a trial or an experiment
 * it is that one's, and choosing another leads to what is in there.
 */
export function ProjectSelect(): ReactElement | null {
  const { view, change } = useView();
  const navigate = useNavigate();
  const projects = useProjects();
  const page = usePageProject();
  const data = (projects.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  const shown = page?.projectId ?? view.projectId;
  const choose = (projectId: number | undefined): void => {
    if (page === null) change({ projectId, viewId: undefined });
    else void navigate({ to: page.table, search: { project: projectId?.toString() } });
  };
  return (
    <Select
      size="xs"
      w={240}
      miw={0}
      aria-label="Project"
      placeholder="All projects"
      data={data}
      value={shown === undefined ? null : String(shown)}
      onChange={(value) => choose(value === null ? undefined : Number(value))}
      clearable
      allowDeselect={page === null}
      searchable
      nothingFoundMessage="No project of that name"
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
