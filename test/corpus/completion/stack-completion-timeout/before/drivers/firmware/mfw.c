// SPDX-License-Identifier: GPL-2.0
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>

#define MFW_TX		0x00
#define MFW_RX		0x04
#define MFW_ACK		0x08

struct mfw_cmd {
	u32 op;
	u32 reply;
	struct completion done;
};

struct mfw {
	void __iomem *base;
	spinlock_t lock;		/* protects cur */
	struct mutex exec_lock;		/* one command at a time */
	struct mfw_cmd *cur;
};

static irqreturn_t mfw_rx(int irq, void *data)
{
	struct mfw *mb = data;
	struct mfw_cmd *cmd;
	unsigned long flags;
	u32 v = readl(mb->base + MFW_RX);

	writel(1, mb->base + MFW_ACK);

	spin_lock_irqsave(&mb->lock, flags);
	cmd = mb->cur;
	if (cmd) {
		cmd->reply = v;
		mb->cur = NULL;
		complete(&cmd->done);
	}
	spin_unlock_irqrestore(&mb->lock, flags);
	return IRQ_HANDLED;
}

int mfw_exec(struct mfw *mb, u32 op, u32 *reply)
{
	struct mfw_cmd cmd = { .op = op };
	unsigned long flags;
	int ret = 0;

	init_completion(&cmd.done);

	mutex_lock(&mb->exec_lock);
	spin_lock_irqsave(&mb->lock, flags);
	mb->cur = &cmd;
	spin_unlock_irqrestore(&mb->lock, flags);

	writel(op, mb->base + MFW_TX);

	if (!wait_for_completion_timeout(&cmd.done, HZ)) {
		ret = -ETIMEDOUT;
		goto out;
	}
	*reply = cmd.reply;
out:
	mutex_unlock(&mb->exec_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(mfw_exec);

static int mfw_probe(struct platform_device *pdev)
{
	struct mfw *mb;
	int irq;

	mb = devm_kzalloc(&pdev->dev, sizeof(*mb), GFP_KERNEL);
	if (!mb)
		return -ENOMEM;
	mb->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mb->base))
		return PTR_ERR(mb->base);
	spin_lock_init(&mb->lock);
	mutex_init(&mb->exec_lock);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	platform_set_drvdata(pdev, mb);
	return devm_request_irq(&pdev->dev, irq, mfw_rx, 0, "mfw", mb);
}

static struct platform_driver mfw_driver = {
	.probe = mfw_probe,
	.driver = { .name = "mfw" },
};
builtin_platform_driver(mfw_driver);
