/** `count` pages with these fields; all but the first begin at nothing. */
export const pages = (count: number, fields: string): string =>
	Array.from({ length: count }, (_, i) => `object P${i} ${i === 0 ? fields : fields.replaceAll(/=\S+/g, '')}`).join('\n');

/** Takes the first page without references into register p: rides along. */
export const pickPage = (last: number): string => `
	${Array.from({ length: last }, (_, i) => `+ load r P${i}.ref\n set p &P${i}\n eq r r 0\n if r goto picked`).join('\n')}
	set p &P${last}
picked:`;
