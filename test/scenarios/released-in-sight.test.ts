import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** What a patch's own line releases was not released before in lines that nobody shows: made-up hunks. */
const check = hunkCheck();

describe('a lock that is taken again behind lines that nobody shows', () => {
	const walk = (before: string, after: string): string => `
 		struct quux_slot *slot;
 
 		spin_lock(&r->lock);
 		list_for_each_entry(slot, &r->slots, node)
 			quux_touch(slot);
@@ -60,7 +60,7 @@ static void quux_walk(struct quux *q, struct quux_ring *r)
 			if (!q->busy)
 				break;
 		}
-		${before}
+		${after}
 		if (!q->busy)
 			goto out;
 	}
@@ -80,6 +80,6 @@ static void quux_walk(struct quux *q, struct quux_ring *r)
 		struct quux_slot *slot;
 
 		spin_lock(&r->lock);
 		list_for_each_entry(slot, &r->slots, node)
 			quux_touch(slot);
`;
	const SUBJECT = 'quux: say what is released';
	const HEAD = 'static void quux_walk(struct quux *q, struct quux_ring *r)';
	it('is released by the line that the patch puts in', () => check(HEAD, walk('quux_ring_done(r);', 'spin_unlock(&r->lock);'), 'no-failure', '', SUBJECT));
	it('or was, by the one that it takes away', () => check(HEAD, walk('spin_unlock(&r->lock);', 'quux_ring_done(r);'), 'no-failure', '', SUBJECT));
	it('and is released twice where the patch does it once more', () => check(HEAD, walk('quux_note(r);', 'spin_unlock(&r->lock);\n+		spin_unlock(&r->lock);'), 'introduces: unlock-not-held', '', SUBJECT));
});
