#include <linux/input.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct gkey {
	struct input_dev *input;
	void __iomem *regs;
	struct work_struct scan;
	int irq;
	u32 state;
};

static void gkey_scan_work(struct work_struct *work)
{
	struct gkey *gk = container_of(work, struct gkey, scan);
	u32 now = readl(gk->regs + 4);
	u32 diff = now ^ gk->state;
	int i;

	for (i = 0; i < 32; i++)
		if (diff & BIT(i))
			input_report_key(gk->input, KEY_F1 + i, now & BIT(i));
	input_sync(gk->input);
	gk->state = now;
}

static irqreturn_t gkey_irq(int irq, void *dev_id)
{
	struct gkey *gk = dev_id;

	writel(1, gk->regs);
	schedule_work(&gk->scan);
	return IRQ_HANDLED;
}

static int gkey_probe(struct platform_device *pdev)
{
	struct gkey *gk;
	int ret = -ENOMEM;

	gk = kzalloc(sizeof(*gk), GFP_KERNEL);
	if (!gk)
		return -ENOMEM;
	gk->input = input_allocate_device();
	if (!gk->input)
		goto err_free;
	INIT_WORK(&gk->scan, gkey_scan_work);
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
	ret = request_irq(gk->irq, gkey_irq, 0, "gkey", gk);
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

static int gkey_remove(struct platform_device *pdev)
{
	struct gkey *gk = platform_get_drvdata(pdev);

	free_irq(gk->irq, gk);
	input_unregister_device(gk->input);
	kfree(gk);
	return 0;
}

static struct platform_driver gkey_driver = {
	.probe	= gkey_probe,
	.remove	= gkey_remove,
	.driver	= { .name = "gkey", .owner = THIS_MODULE },
};
module_platform_driver(gkey_driver);
