import { describe, expect, it } from 'vitest';
import { filesOfSeries, type FolderEntry } from '../../analyzer/mail/folder';

/** A folder from its paths: `name/` is a folder, `name@` neither. */
const check = async (paths: readonly string[], expected: readonly string[], series = ''): Promise<void> => {
	const entries = (inner: string): readonly FolderEntry[] => paths.filter((path) => path.lastIndexOf('/', path.length - 2) === (inner ? inner.length : -1) && path.startsWith(inner && `${inner}/`))
		.map((path) => ({ name: path.slice(inner ? inner.length + 1 : 0).replace(/[/@]$/, ''), kind: path.endsWith('/') ? 'folder' : path.endsWith('@') ? 'other' : 'file' }));
	expect(await filesOfSeries({ list: async (inner) => entries(inner), read: async () => series })).toEqual(expected);
};

describe('the documents of a folder', () => {
	it('are its patches and mails, by name', () => check(['0002-b.patch', '0001-a.PATCH', 'notes.org', 'pipe.patch@', 'old.patch/'], ['0001-a.PATCH', '0002-b.patch']));
	it('are what a quilt series names, and nothing outside', () => check(['series', 'a.patch', 'b.patch'], ['sub/b.patch', 'a.patch'], '# order\nsub/b.patch -p1\n\na.patch # why\n../c.patch\n/etc/passwd\n'));
	it('are by name where the series is empty', () => check(['series', 'a.patch'], ['a.patch'], '# none\n'));
	it('are the mails of a maildir, by the numbers in their names', () => check(['cur/', 'new/', 'tmp/', 'cur/10.M2.host:2,S', 'cur/9.M1.host:2,S', 'cur/9.M10.host', 'new/1.M1.host', 'tmp/3.host', 'cover.mbox'], ['cover.mbox', 'cur/9.M1.host:2,S', 'cur/9.M10.host', 'cur/10.M2.host:2,S', 'new/1.M1.host']));
});
