/** Which files of a folder are the documents of a series, and in which order. */

/** A folder as a rim lists and reads it; paths are relative to it, with `/`. */
export interface FolderPort {
	/** What lies in the folder itself (`''`) or in one right under it. */
	list(inner: string): Promise<readonly FolderEntry[]>;
	read(file: string): Promise<string>;
}

export interface FolderEntry {
	readonly name: string;
	readonly kind: 'file' | 'folder' | 'other';
}

const PATCH_FILE = /\.(patch|diff|eml|mbox|mail|txt)$/i;
/** Maildir's two folders of mails that were delivered. */
const MAILDIR_FOLDERS = ['cur', 'new'];
/** Quilt's file that names the patches, one on a line, `#` before a remark, options of patch(1) behind the name. */
const QUILT_SERIES = 'series';

/** The name is one that patches and mails have. */
export const isPatchName = (name: string): boolean => PATCH_FILE.test(name);

/** Runs of digits count as numbers, as git-mailsplit has it: a mail's name begins with the time it came, and a counter. */
function byNumbers(a: string, b: string): number {
	const [left, right] = [a, b].map((name) => name.split(/(\d+)/));
	for (let at = 0; at < Math.min(left!.length, right!.length); at++) {
		const [one = '', other = ''] = [left![at], right![at]];
		if (one === other) continue;
		return at % 2 && Number(one) !== Number(other) ? Number(one) - Number(other) : one < other ? -1 : 1;
	}
	return left!.length - right!.length;
}

/** Paths of the folder's documents: in the order of a quilt series, else patches and mails by name, then the mails of a maildir. What lies outside of it is never named. */
export async function filesOfSeries(folder: FolderPort): Promise<readonly string[]> {
	const entries = await folder.list('');
	const names = entries.filter(({ kind }) => kind === 'file').map(({ name }) => name);
	if (names.includes(QUILT_SERIES)) {
		const series = (await folder.read(QUILT_SERIES)).split('\n')
			.map((line) => line.replace(/#.*/, '').trim().split(/\s+/)[0] ?? '')
			.filter((line) => line !== '' && !line.split('/').includes('..') && !line.startsWith('/'));
		if (series.length) return series;
	}
	const maildir = entries.filter(({ name, kind }) => kind === 'folder' && MAILDIR_FOLDERS.includes(name)).map(({ name }) => name).sort();
	const mails = await Promise.all(maildir.map(async (inner) => (await folder.list(inner)).filter(({ kind }) => kind === 'file').map(({ name }) => name).sort(byNumbers).map((name) => `${inner}/${name}`)));
	return [...names.filter(isPatchName).sort(), ...mails.flat()];
}
