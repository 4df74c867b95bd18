import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { filesOfSeries, type FolderPort, isPatchName } from '../analyzer/mail/folder';
import { rangeAsMails, workingTreeChanges } from '../disk/git';

/** From the words on the command line to documents. What cannot be used is told in one sentence, and stops nothing else. */

export interface Document {
	readonly name: string;
	readonly bytes: Uint8Array;
	/** Made by git from the repository, which is then the tree too. */
	readonly fromGit?: boolean;
}

export interface Unusable {
	readonly name: string;
	readonly sentence: string;
}

export type Input = Document | Unusable;

export const isDocument = (input: Input): input is Document => 'bytes' in input;

export interface InputPlaces {
	readonly cwd: string;
	/** Where git ranges are looked up: the tree, else the current folder. */
	readonly repository: string;
	readonly stdin: () => Promise<Uint8Array>;
}

/** No mailbox that a person reviews is larger; a mistaken argument often is. */
const MOST_BYTES = 64 * 1024 * 1024;
/** How far into a file a NUL is looked for. */
const BINARY_SAMPLE = 8192;

const isBinary = (bytes: Uint8Array): boolean => {
	// UTF-16 mails from Windows hold NULs, but say so first.
	const marked = bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
	const sample = bytes.subarray(0, BINARY_SAMPLE);
	return !marked && sample.includes(0) && !BEGINS.test(Buffer.from(sample.subarray(0, BEGINNING)).toString('latin1'));
};

/** How mails, mailboxes and diffs begin: a NUL in one of a mailbox's mails does not take the others from the reader. */
const BEGINS = /^(?:From |[A-Za-z][\w-]*: |diff |--- |Index: )/;
const BEGINNING = 80;

function documentOf(name: string, bytes: Uint8Array): Input {
	if (bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) {
		return { name, sentence: 'the file is empty' };
	}
	return isBinary(bytes) ? { name, sentence: 'a binary file, neither a patch nor a mail' } : { name, bytes };
}

async function fileDocument(name: string, path: string, size: number): Promise<Input> {
	if (size > MOST_BYTES) {
		return { name, sentence: `larger than ${MOST_BYTES / 1024 / 1024} MB` };
	}
	try {
		return documentOf(name, await readFile(path));
	} catch (error) {
		return { name, sentence: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})` };
	}
}

/** A folder of this machine, for the reader of series. */
const folderOf = (folder: string): FolderPort => ({
	list: async (inner) => (await readdir(join(folder, inner), { withFileTypes: true })).map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : entry.isFile() || entry.isSymbolicLink() ? 'file' : 'other' })),
	read: (file) => readFile(join(folder, file), 'utf8'),
});

async function folderDocuments(name: string, folder: string): Promise<readonly Input[]> {
	const files = await filesOfSeries(folderOf(folder));
	if (!files.length) {
		return [{ name, sentence: 'the folder holds no patches or mails' }];
	}
	return Promise.all(files.map(async (file) => {
		const path = join(folder, file);
		const shown = join(name, file);
		const found = await stat(path).catch(() => null);
		return found?.isFile() ? fileDocument(shown, path, found.size) : { name: shown, sentence: 'named by the series but not there' };
	}));
}

async function documentsOf(word: string, places: InputPlaces): Promise<readonly Input[]> {
	if (word === '-') {
		return [documentOf('-', await places.stdin())].map((input) => (isDocument(input) ? input : { ...input, sentence: input.sentence.replace('the file', 'standard input') }));
	}
	const path = resolve(places.cwd, word);
	const found = await stat(path).catch(() => null);
	if (found?.isDirectory()) {
		return folderDocuments(word, path);
	}
	if (found) {
		// A pipe (`<(git show …)`) has no size and is read to its end.
		return [await fileDocument(word, path, found.isFile() ? found.size : 0)];
	}
	if (isPatchName(basename(word))) {
		return [{ name: word, sentence: 'there is no such file' }];
	}
	const mails = await rangeAsMails(places.repository, word);
	if (mails.status !== 0) {
		return [{ name: word, sentence: `no such file or folder, and no range of commits in ${places.repository}` }];
	}
	return mails.stdout.length ? [{ name: word, bytes: mails.stdout, fromGit: true }] : [{ name: word, sentence: 'the range holds no commits' }];
}

/** In the order given. Without words: the working tree's changes against HEAD. */
export async function readInputs(words: readonly string[], places: InputPlaces): Promise<readonly Input[]> {
	if (!words.length) {
		const changes = await workingTreeChanges(places.repository);
		const name = 'working tree';
		if (changes.status !== 0) {
			return [{ name, sentence: `${places.repository} is no git working tree; name a patch, or see race-review --help` }];
		}
		return [changes.stdout.length ? { name, bytes: changes.stdout, fromGit: true } : { name, sentence: 'no C is changed against HEAD' }];
	}
	return (await Promise.all(words.map((word) => documentsOf(word, places)))).flat();
}
