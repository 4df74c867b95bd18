import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What a function does by helpers that stand beside it: which one of them does it, and under which lock, is theirs to tell. The drivers are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

describe('a completion is made ready by another helper of the caller', () => {
	const check = async (by: string, said: string): Promise<void> => expect(await saidOfFile(analyzer, 'heron', 'make it ready in one place', `
struct heron { void __iomem *regs; struct mutex lock; struct completion eoc; u32 chan; int sample; };

static irqreturn_t heron_irq(int irq, void *data)
{
	struct heron *h = data;

	h->sample = readl(h->regs + 8);
	complete(&h->eoc);
	return IRQ_HANDLED;
}

static void heron_prepare(struct heron *h, u32 chan)
{
${by === 'heron_prepare' ? '+	reinit_completion(&h->eoc);\n' : ''}	h->chan = chan;
}

static void heron_start(struct heron *h)
{
-	reinit_completion(&h->eoc);
	writel(h->chan, h->regs + 4);
}

static int heron_wait(struct heron *h)
{
${by === 'heron_wait' ? '+	reinit_completion(&h->eoc);\n' : ''}	if (!wait_for_completion_timeout(&h->eoc, HZ))
		return -ETIMEDOUT;
	return 0;
}

int heron_read(struct heron *h, u32 chan)
{
	int ret;

	mutex_lock(&h->lock);
	heron_prepare(h, chan);
	heron_start(h);
	ret = heron_wait(h);
	mutex_unlock(&h->lock);
	return ret;
}

int heron_probe(struct heron *h, int irq)
{
	mutex_init(&h->lock);
	init_completion(&h->eoc);
	return request_irq(irq, heron_irq, 0, "heron", h);
}
`, true)).toBe(said);
	it('behind what begins it', () => check('heron_wait', 'introduces: deadlock'));
	it('before it, as it was', () => check('heron_prepare', 'no-failure'));
});

describe('mappings are taken down by a helper, and then what they led to is given back', () => {
	const check = async (body: string, said: string): Promise<void> => expect(await saidOfFile(analyzer, 'egret', 'keep page faults out', `
struct egret_bo { struct mutex lock; struct drm_vma_offset_node node; struct address_space *mapping; bool in_vram; unsigned long pfn; };

static vm_fault_t egret_fault(struct vm_fault *vmf)
{
	struct egret_bo *bo = vmf->vma->vm_private_data;
	vm_fault_t ret;

	mutex_lock(&bo->lock);
	ret = vmf_insert_pfn(vmf->vma, vmf->address, bo->pfn);
	mutex_unlock(&bo->lock);
	return ret;
}

static const struct vm_operations_struct egret_vm_ops = {
	.fault = egret_fault,
};

static void egret_unmap(struct egret_bo *bo)
{
	drm_vma_node_unmap(&bo->node, bo->mapping);
}

void egret_evict(struct egret_bo *bo)
{
${body}
}
`, true)).toBe(said);
	it('under the lock', () => check(`-	egret_unmap(bo);
	mutex_lock(&bo->lock);
+	egret_unmap(bo);
	egret_vram_free(bo->pfn);
	bo->in_vram = false;
	mutex_unlock(&bo->lock);`, 'fixes: stale-mapping, use-after-free'));
	it('under the lock as before', () => check(`	mutex_lock(&bo->lock);
-	egret_unmap(bo);
	bo->in_vram = false;
+	egret_unmap(bo);
	egret_vram_free(bo->pfn);
	mutex_unlock(&bo->lock);`, 'no-failure'));
});
