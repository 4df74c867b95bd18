#include <linux/input.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct lkey {
	struct input_dev *input;
	void __iomem *regs;
	struct work_struct scan;
	int irq;
	u32 state;
};

static void lkey_scan_work(struct work_struct *work)
{
	struct lkey *gk = container_of(work, struct lkey, scan);
	u32 now = readl(gk->regs + 4);
	u32 diff = now ^ gk->state;
	int i;

	for (i = 0; i < 32; i++)
		if (diff & BIT(i))
			input_report_key(gk->input, KEY_F1 + i, now & BIT(i));
	input_sync(gk->input);
	gk->state = now;
}

static irqreturn_t lkey_irq(int irq, void *dev_id)
{
	struct lkey *gk = dev_id;

	writel(1, gk->regs);
	schedule_work(&gk->scan);
	return IRQ_HANDLED;
}

static int lkey_probe(struct platform_device *pdev)
{
	struct lkey *gk;
	int ret = -ENOMEM;

	gk = kzalloc(sizeof(*gk), GFP_KERNEL);
	if (!gk)
		return -ENOMEM;
	gk->input = input_allocate_device();
	if (!gk->input)
		goto err_free;
	INIT_WORK(&gk->scan, lkey_scan_work);
	gk->regs = devm_ioremap_resource(&pdev->dev,
				platform_get_resource(pdev, IORESOURCE_MEM, 0));
	if (IS_ERR(gk->regs)) {
		ret = PTR_ERR(gk->regs);
		goto err_input;
	}
	ret = input_register_device(gk->input);
	if (ret)
		goto err_input;
	gk->irq = platform_get_irq(pdev, 0);
	ret = request_irq(gk->irq, lkey_irq, 0, "lkey", gk);
	if (ret) {
		input_unregister_device(gk->input);
		goto err_free;
	}
	platform_set_drvdata(pdev, gk);
	return 0;

err_input:
	input_free_device(gk->input);
err_free:
	kfree(gk);
	return ret;
}

static int lkey_remove(struct platform_device *pdev)
{
	struct lkey *gk = platform_get_drvdata(pdev);

	free_irq(gk->irq, gk);
	cancel_work_sync(&gk->scan);
	input_unregister_device(gk->input);
	kfree(gk);
	return 0;
}

static struct platform_driver lkey_driver = {
	.probe	= lkey_probe,
	.remove	= lkey_remove,
	.driver	= { .name = "lkey", .owner = THIS_MODULE },
};
module_platform_driver(lkey_driver);
