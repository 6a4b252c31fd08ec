import { projectOf } from "../pulumi/project";
import type { PreviewProject } from "./preview-stack";

/** The project in a folder. Throws an {@link OpsError} `project-missing` where there is none. */
export async function previewProject(folder: string, environment: NodeJS.ProcessEnv): Promise<PreviewProject> {
  return { folder, project: await projectOf(folder), environment, now: () => new Date() };
}
