const streams = new WeakSet<Response>();

/** Marks an answer as one that goes on until its reader goes away: it is handed on piece by piece, and not kept in the trace. */
export function streamed(response: Response): Response {
  streams.add(response);
  return response;
}

export const isStreamed = (response: Response): boolean => streams.has(response);
