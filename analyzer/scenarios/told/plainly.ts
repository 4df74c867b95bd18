/** Words that only a checker or a compiler reads: what the code does is the same without them. */
const ANNOTATION = /\b__(?:rcu|user|iomem|percpu|force|bitwise|nocast|kernel|private|must_check|maybe_unused|always_unused)\b\s*/g;
const EXPECTED = /\b(?:un)?likely\s*\(((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*)\)/g;

/** A statement, on one line, as it would be written without what changes only how it is written: annotations, hints, a spelled-out NULL. */
export const plainly = (text: string): string => text
	.replace(ANNOTATION, '').replace(EXPECTED, '$1')
	.replace(/((?:[A-Za-z_]\w*(?:->|\.))*[A-Za-z_]\w*) == (?:NULL|false)\b/g, '!$1').replace(/((?:[A-Za-z_]\w*(?:->|\.))*[A-Za-z_]\w*) != (?:NULL|false)\b/g, '$1')
	.replace(/\bsizeof\s*\((?:[^()]|\([^()]*\))*\)/g, 'sizeof').replace(/\s+/g, ' ');

/** A relation, a number, a time: how much it is, or how long. */
const MEASURE = /\b(?:[mun]?secs_to_jiffies|jiffies|HZ|\d\w*)\b|[<>]=?(?!>)|[-+*/](?![>+=-])/g;

/** Two statements tell each other apart by how much, or how long, alone. */
export function differsInMeasure(before: string, after: string): boolean {
	const bare = (text: string): string => plainly(text).replaceAll('->', '.').replace(MEASURE, '').replace(/[\s()]/g, '');
	return before !== after && bare(before) === bare(after);
}
