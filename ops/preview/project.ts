import { projectOf, type PulumiProject } from "../pulumi/project";

/** Where previews live, and what time it is. */
export interface PreviewProject extends PulumiProject {
  now(): Date;
}

/** The project in a folder. Throws an {@link OpsError} `project-missing` where there is none. */
export async function previewProject(folder: string, environment: NodeJS.ProcessEnv): Promise<PreviewProject> {
  return { folder, project: await projectOf(folder), environment, now: () => new Date() };
}
