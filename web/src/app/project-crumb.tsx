import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useProjects } from './use-projects.js';

/** The project that something is in, as the first of what leads there; a click shows its experiments. */
export function ProjectCrumb({ projectId }: { readonly projectId: number }): ReactElement {
  const projects = useProjects();
  const project = projects.data?.find(({ id }) => id === projectId);
  return (
    <Anchor
      size="sm"
      dir="auto"
      renderRoot={(props) => <Link to="/experiments" search={{ project: String(projectId) }} {...props} />}
    >
      {project?.name ?? `Project ${projectId}`}
    </Anchor>
  );
}
