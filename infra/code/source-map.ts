import { decode, encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** What of a version 3 source map is read and written. https://tc39.es/ecma426/ */
interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** Where a project keeps the code that it did not write. */
const ofDependencies = /(^|\/)node_modules\//;

/**
 * Cuts a bundle's source map down to what a stack trace needs: of the project's own files every line, of a package's the
 * name of the file alone. The whole map takes Node half a second and 30 MB to read; a bot that reports an error has
 * neither to give.
 *
 * @param map as esbuild writes it, with paths from the project's folder
 * @returns the smaller map, without the sources' content
 */
export function stackTraceMap(map: string): string {
  const { sources, mappings } = JSON.parse(map) as SourceMap;
  const own = sources.map((source) => !ofDependencies.test(source));
  let last: number | undefined;
  const lines = decode(mappings).map((line) =>
    line.flatMap((segment): SourceMapSegment[] => {
      if (segment.length === 1) return [];
      const [column, source, sourceLine, sourceColumn] = segment;
      const begins = source !== last;
      last = source;
      if (own[source]) return [[column, source, sourceLine, sourceColumn]];
      return begins ? [[column, source, 0, 0]] : [];
    }),
  );
  const small: SourceMap = { version: 3, sources, names: [], mappings: encode(lines) };
  return JSON.stringify(small);
}
