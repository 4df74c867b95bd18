import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** One cell stands for all elements of an array: who gives back what each of them has does so once for each. A whole made-up file, and what is said. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(ends: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'pear', 'factor out pear_take_block()', `
static struct pear_tray *pear_tray(struct super_block *sb, u32 nr)
{
	return &PEAR_SB(sb)->trays[nr];
}

static int pear_fill(struct super_block *sb, struct pear_tray *tray)
{
	if (tray->bh)
		return 0;
	tray->bh = sb_bread(sb, tray->block);
	return tray->bh ? 0 : -EIO;
}

+static int pear_take_block(struct super_block *sb, u32 nr)
+{
+	struct pear_tray *tray = pear_tray(sb, nr);
+
+	return pear_fill(sb, tray);
+}
+
int pear_new_block(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	struct pear_sb_info *sbi = PEAR_SB(sb);
-	struct pear_tray *tray;
	u32 i, nr;
	int ret = -ENOSPC;

	mutex_lock(&sbi->lock);
-	nr = PEAR_I(inode)->goal;
	for (i = 0; i < sbi->nr_trays; i++) {
-		tray = pear_tray(sb, (nr + i) % sbi->nr_trays);
-		if (!tray->free)
+		nr = (PEAR_I(inode)->goal + i) % sbi->nr_trays;
+		if (!pear_tray(sb, nr)->free)
			continue;
-		ret = pear_fill(sb, tray);
+		ret = pear_take_block(sb, nr);
		break;
	}
	mutex_unlock(&sbi->lock);
	return ret;
}

void pear_put_trays(struct super_block *sb)
{
	struct pear_sb_info *sbi = PEAR_SB(sb);
	u32 i;

	for (i = 0; i < sbi->nr_trays; i++)${ends}
}
`, true)).toBe(expected);
}

describe('a loop over an array', () => {
	it('gives back what each element has', () => check('\n\t\tbrelse(sbi->trays[i].bh);', 'no-failure'));
	it('and not the same twice', () => check(' {\n\t\tbrelse(sbi->trays[i].bh);\n+\t\tbrelse(sbi->trays[i].bh);\n\t}', 'introduces: refcount-underflow'));
	it('nor one that they share', () => check('\n\t\tbrelse(sbi->trays[0].bh);', 'introduces: refcount-underflow'));
});
