// SPDX-License-Identifier: GPL-2.0
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define SXM_BEAT	0x10
#define SXM_RESET	0x14
#define SXM_HB_PERIOD	(2 * HZ)

struct sxm {
	struct pci_dev *pdev;
	struct miscdevice miscdev;
	void __iomem *bar;
	struct timer_list hb_timer;
	struct work_struct reset_work;
	u32 last_beat;
	unsigned int resets;
};

/* The card counts up; where it does not it is reset, in a context that may sleep. */
static void sxm_hb_timer(struct timer_list *t)
{
	struct sxm *sx = from_timer(sx, t, hb_timer);
	u32 beat = readl(sx->bar + SXM_BEAT);

	if (beat == sx->last_beat) {
		schedule_work(&sx->reset_work);
		return;
	}
	sx->last_beat = beat;
	mod_timer(&sx->hb_timer, jiffies + SXM_HB_PERIOD);
}

static void sxm_reset_work(struct work_struct *work)
{
	struct sxm *sx = container_of(work, struct sxm, reset_work);

	sx->resets++;
	writel(1, sx->bar + SXM_RESET);
	msleep(50);
	mod_timer(&sx->hb_timer, jiffies + SXM_HB_PERIOD);
}

static ssize_t sxm_read(struct file *file, char __user *buf, size_t len, loff_t *ppos)
{
	struct sxm *sx = container_of(file->private_data, struct sxm, miscdev);
	u32 beat = readl(sx->bar + SXM_BEAT);

	return simple_read_from_buffer(buf, len, ppos, &beat, sizeof(beat));
}

static const struct file_operations sxm_fops = {
	.owner	= THIS_MODULE,
	.read	= sxm_read,
};

static int sxm_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct sxm *sx;
	int ret;

	sx = kzalloc(sizeof(*sx), GFP_KERNEL);
	if (!sx)
		return -ENOMEM;
	ret = pci_enable_device(pdev);
	if (ret)
		goto err_free;
	sx->pdev = pdev;
	sx->bar = pci_iomap(pdev, 0, 0);
	if (!sx->bar) {
		ret = -ENODEV;
		goto err_disable;
	}
	timer_setup(&sx->hb_timer, sxm_hb_timer, 0);
	INIT_WORK(&sx->reset_work, sxm_reset_work);
	pci_set_drvdata(pdev, sx);
	sx->miscdev.minor = MISC_DYNAMIC_MINOR;
	sx->miscdev.name = "sxm";
	sx->miscdev.fops = &sxm_fops;
	ret = misc_register(&sx->miscdev);
	if (ret)
		goto err_unmap;
	mod_timer(&sx->hb_timer, jiffies + SXM_HB_PERIOD);
	return 0;

err_unmap:
	pci_iounmap(pdev, sx->bar);
err_disable:
	pci_disable_device(pdev);
err_free:
	kfree(sx);
	return ret;
}

static void sxm_remove(struct pci_dev *pdev)
{
	struct sxm *sx = pci_get_drvdata(pdev);

	misc_deregister(&sx->miscdev);
	cancel_work_sync(&sx->reset_work);
	pci_iounmap(pdev, sx->bar);
	pci_disable_device(pdev);
	kfree(sx);
}

static struct pci_driver sxm_driver = {
	.name	= "sxm",
	.probe	= sxm_probe,
	.remove	= sxm_remove,
};
module_pci_driver(sxm_driver);
MODULE_LICENSE("GPL");
