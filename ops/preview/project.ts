import { projectIn } from "../pulumi/project";
import { PreviewError } from "./preview-error";
import type { PreviewProject } from "./preview-stack";

/** The project in a folder. Throws a {@link PreviewError} `ProjectMissing` where there is none. */
export async function previewProject(folder: string, environment: NodeJS.ProcessEnv): Promise<PreviewProject> {
  const project = await projectIn(folder);
  if (project) return { folder, project, environment, now: () => new Date() };
  throw new PreviewError("ProjectMissing", "Here is no Pulumi project", "Run this in the folder of Pulumi.yaml.");
}
