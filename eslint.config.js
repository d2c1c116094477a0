import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom: master → determined → experiments → metadata, testing → metadata and postgres; postgres, client
 * and ui stand alone. A folder is entered by its index only.
 */
const zones = [
  zone('src/metadata', ['src'], 'The plugin knows nothing of any host.', ['./metadata']),
  zone('src/experiments', ['src'], 'Experiments stand on the plugin alone.', ['./experiments', './metadata']),
  zone('src/determined', ['src'], 'The wire format stands on metadata and experiments.', [
    './determined',
    './experiments',
    './metadata',
  ]),
  zone('src/postgres', ['src'], 'The embedded PostgreSQL stands alone.', ['./postgres']),
  zone('src/testing', ['src'], 'Tests of hosts stand on the plugin and the embedded PostgreSQL.', [
    './testing',
    './metadata',
    './postgres',
  ]),
  zone('src/client', ['src'], 'The client stands alone: it speaks REST.', ['./client']),
  zone('src/ui', ['src'], 'The page is files: it finds the API by its address.', ['./ui']),
  zone('src/metadata/document', ['src/metadata'], 'Documents are plain TypeScript and stand alone.', [
    './document',
    './metadata.errors.ts',
  ]),
  zone('src/metadata/query', ['src/metadata'], 'The query engine stands on documents alone.', [
    './query',
    './document',
    './metadata.errors.ts',
  ]),
];

function zone(target, from, message, except = []) {
  return { target: `./${target}`, from: from.map((folder) => `./${folder}`), except, message };
}

const frontDoors = (folder, name) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: `^(?:\\.\\./)+(?:${name})/(?!index\\.js$)`, message: 'Enter a folder by its index.js.' },
        ],
      },
    ],
  },
});

const plain = ['@nestjs/*', 'typeorm', 'rxjs', 'rxjs/*', 'class-validator', 'class-transformer'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.data/', 'coverage/', 'web/dist/', 'docs/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': ['error', { zones, basePath: import.meta.dirname }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/metadata/query/**/*.ts', 'src/metadata/document/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: plain, message: 'Plain TypeScript here.' }] }],
    },
  },
  frontDoors('experiments', 'metadata'),
  frontDoors('determined', 'metadata|experiments'),
  frontDoors('testing', 'metadata|postgres'),
  frontDoors('master', 'metadata|experiments|determined|postgres|ui'),
  {
    files: ['web/src/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat.recommended,
    rules: {
      ...reactHooks.configs.flat.recommended.rules,
      // It warns of what React's compiler leaves out, and there is none here.
      'react-hooks/incompatible-library': 'off',
      // The router ends a load by throwing what is no error: a redirect, a page that is not there.
      '@typescript-eslint/only-throw-error': [
        'error',
        {
          allow: [{ from: 'package', package: '@tanstack/router-core', name: ['Redirect', 'NotFoundError'] }],
        },
      ],
    },
  },
  {
    files: ['web/*.ts', 'web/build/**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: './web/tsconfig.node.json' } },
  },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: {
      'max-lines': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // Answers are looked into as JSON, and fail where they are something else.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-undef': 'off' },
  },
  prettier,
);
