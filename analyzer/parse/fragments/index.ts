import type { Image } from '../../images/image';
import { prepare, type Prepared } from '../prepass';
import { Canvas } from '../prepass/canvas';
import { cutImage } from './hunks';
import type { Augmented } from './insertions';
import type { PartialFunction } from './draft';
import { planFragments } from './plan';

/** Hunks made whole: a text that parses, and what is known of the functions in it that are not all there. */
export interface Mended {
	/** As long as `augmented.text`. */
	readonly prepared: Prepared;
	readonly augmented: Augmented;
	readonly functions: readonly PartialFunction[];
}

/** Puts openers and closers around the hunks of an image. Any text at all is accepted. */
export function mend(image: Image): Mended {
	const cut = cutImage(image);
	const plan = planFragments(cut);
	const canvas = new Canvas(cut.text);
	for (let at = 0; at < plan.dropped.length; at += 2) canvas.blank(plan.dropped[at]!, plan.dropped[at + 1]!);
	const augmented = plan.insertions.into(canvas.toString());
	const boundaries = cut.stretches.slice(1).map((stretch) => augmented.augmented(stretch.from));
	const prepared = prepare(augmented.text, { boundaries });
	return {
		prepared: { ...prepared, macros: cut.macros, conditionals: cut.conditionals },
		augmented,
		functions: plan.functions,
	};
}
