/** What a subject line says of its patch's place: `[PATCH v3 2/7] topic: what`. */
export interface SubjectTags {
	/** Without `Re:` and without brackets that only mailing lists put there. */
	readonly subject: string;
	readonly reply: boolean;
	readonly number?: number;
	readonly total?: number;
	readonly version?: number;
}

const REPLY = /^\s*(?:(?:re|aw|sv|antw|fwd?|wg)(?:\[\d+\])?:\s*)+/i;
const BRACKETS = /^\s*\[([^\]]{0,120})\]\s*/;
const PLACE = /(?:^|[\s,])(?:v(\d{1,3})[\s,-]*)?(\d{1,4})\/(\d{1,4})(?:[\s,-]+v(\d{1,3}))?(?=$|[\s,])/i;
const VERSION = /(?:^|[\s,])(?:patch|rfc)?v(\d{1,3})(?=$|[\s,])/i;

/** Reads the brackets before a subject. */
export function subjectTags(written: string): SubjectTags {
	let rest = written.replace(/\s+/g, ' ').trim();
	const reply = REPLY.test(rest);
	rest = rest.replace(REPLY, '');
	const subject = rest;
	let number: number | undefined;
	let total: number | undefined;
	let version: number | undefined;
	for (let match = BRACKETS.exec(rest); match !== null; match = BRACKETS.exec(rest)) {
		const tags = match[1]!;
		const place = PLACE.exec(tags);
		if (place !== null && number === undefined) {
			number = Number(place[2]);
			total = Number(place[3]);
		}
		const named = place?.[1] ?? place?.[4] ?? VERSION.exec(tags)?.[1];
		version ??= named === undefined ? undefined : Number(named);
		rest = rest.slice(match[0].length).replace(REPLY, '');
	}
	return {
		subject, reply,
		...(number === undefined ? {} : { number }), ...(total === undefined ? {} : { total }), ...(version === undefined ? {} : { version }),
	};
}

/** The subject without any bracket, to compare patches by. */
export const bareSubject = (subject: string): string => subject.replace(REPLY, '').replace(/^(?:\s*\[[^\]]*\])+/, '').trim().toLowerCase();
