import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { noForeignKeys } from './scripts/no-foreign-keys.mjs';

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'test/host/node_modules/', 'test-results/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Typed-array loops index within bounds the surrounding code has established.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['client/**/*.{ts,tsx}', 'grammar/**/*.ts', 'server/**/*.ts'],
    plugins: { archlens: { rules: { 'no-foreign-keys': noForeignKeys } } },
    rules: { 'archlens/no-foreign-keys': 'error' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    // The compiler knows what is defined.
    rules: { 'no-undef': 'off' },
  },
);
