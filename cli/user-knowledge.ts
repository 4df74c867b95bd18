import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KnowledgeFiles } from '../analyzer/engine';

/** The user's own rows and models: `.race-review/*.yaml` and `.race-review/*.c` in the tree, by name. */

const USER_FOLDER = '.race-review';

/** Empty where the folder is not there. */
export async function readUserKnowledge(tree: string): Promise<KnowledgeFiles> {
	const folder = join(tree, USER_FOLDER);
	const names = (await readdir(folder).catch(() => [])).sort();
	const read = (ending: RegExp) => Promise.all(names.filter((name) => ending.test(name))
		.map(async (name) => ({ file: `${USER_FOLDER}/${name}`, text: await readFile(join(folder, name), 'utf8') })));
	const [table, models] = await Promise.all([read(/\.ya?ml$/), read(/\.c$/)]);
	return { table, models };
}

/** The built-in first, so that the user's rows and models override it. */
export const together = (builtIn: KnowledgeFiles, own: KnowledgeFiles): KnowledgeFiles => ({
	table: [...builtIn.table, ...own.table],
	models: [...builtIn.models, ...own.models],
});
