import { dirname, join } from 'node:path';
import ts from 'typescript';
import { placeOf, ROOT, type Block } from './read-page.js';

/** A block's first line may say what file it is: `// trial.entity.ts`; others of its page can import that. */
const FILE_NAME = /^\/\/ (\S+\.ts)\n/;

/**
 * The faults that the compiler finds in the blocks, under this project's own settings, with the package under its own
 * name. Each block is a file of its own; those of one page stand in one folder.
 */
export function checkTypes(blocks: readonly Block[]): readonly string[] {
  const sources = new Map<string, string>();
  const places = new Map<string, string>();
  for (const block of blocks) {
    const name = FILE_NAME.exec(block.text)?.[1] ?? `line-${block.line}.ts`;
    const file = join(ROOT, 'docs/.blocks', block.page.replace(/\W/g, '-'), name);
    sources.set(file, `${block.given}\n${block.text}\nexport {};\n`);
    places.set(file, placeOf(block));
  }
  const options = settings();
  const host = hostOf(sources, options);
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return faults.map(({ messageText, start }) => {
      const line = start === undefined ? '' : (source?.text.slice(start).split('\n', 1)[0] ?? '');
      return `${places.get(file)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')} At: ${line}`;
    });
  });
}

function settings(): ts.CompilerOptions {
  const file = join(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: unknown }; // as written
  const { options } = ts.parseJsonConfigFileContent(
    config,
    { ...ts.sys, readDirectory: () => [] },
    ROOT,
    {},
    file,
  );
  return { ...options, noUnusedLocals: false, noUnusedParameters: false, types: ['node', 'jest'] };
}

function hostOf(sources: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const folders = new Set([...sources.keys()].map((file) => dirname(file)));
  return {
    ...host,
    fileExists: (file) => sources.has(file) || host.fileExists(file),
    directoryExists: (folder) => folders.has(folder) || (host.directoryExists?.(folder) ?? true),
    readFile: (file) => sources.get(file) ?? host.readFile(file),
    getSourceFile: (file, version, onError) => {
      const text = sources.get(file);
      if (text === undefined) return host.getSourceFile(file, version, onError);
      return ts.createSourceFile(file, text, version);
    },
  };
}
