/** Writes l10n/bundle.l10n.json. test/extension/l10n.test.ts tells when it is not current. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOf } from './l10n-texts.mts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'l10n', 'bundle.l10n.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, bundleOf(root));
