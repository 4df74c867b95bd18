// SPDX-License-Identifier: GPL-2.0
/*
 * Trondra MAC: link supervision
 */
#include <linux/etherdevice.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "trondra.h"

#define TRONDRA_LINK		0x44
#define TRONDRA_LINK_UP		BIT(0)
#define TRONDRA_LINK_POLL		(HZ / 2)

struct trondra_priv {
	struct net_device	*ndev;
	void __iomem		*base;
	struct delayed_work	link_work;
	bool			link;
};

static void trondra_link_work(struct work_struct *work)
{
	struct trondra_priv *fp = container_of(to_delayed_work(work),
					     struct trondra_priv, link_work);
	bool up = readl(fp->base + TRONDRA_LINK) & TRONDRA_LINK_UP;

	if (up != fp->link) {
		fp->link = up;
		if (up)
			netif_carrier_on(fp->ndev);
		else
			netif_carrier_off(fp->ndev);
	}
	schedule_delayed_work(&fp->link_work, TRONDRA_LINK_POLL);
}

static int trondra_open(struct net_device *ndev)
{
	struct trondra_priv *fp = netdev_priv(ndev);

	trondra_hw_enable(fp->base);
	netif_start_queue(ndev);
	return 0;
}

static int trondra_stop(struct net_device *ndev)
{
	struct trondra_priv *fp = netdev_priv(ndev);

	netif_stop_queue(ndev);
	trondra_hw_disable(fp->base);
	return 0;
}

static netdev_tx_t trondra_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	struct trondra_priv *fp = netdev_priv(ndev);

	trondra_hw_tx(fp->base, skb->data, skb->len);
	dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops trondra_netdev_ops = {
	.ndo_open	= trondra_open,
	.ndo_stop	= trondra_stop,
	.ndo_start_xmit	= trondra_xmit,
};

static int trondra_probe(struct platform_device *pdev)
{
	struct net_device *ndev;
	struct trondra_priv *fp;
	int ret;

	ndev = alloc_etherdev(sizeof(*fp));
	if (!ndev)
		return -ENOMEM;
	SET_NETDEV_DEV(ndev, &pdev->dev);
	fp = netdev_priv(ndev);
	fp->ndev = ndev;
	fp->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(fp->base)) {
		ret = PTR_ERR(fp->base);
		goto err;
	}
	INIT_DELAYED_WORK(&fp->link_work, trondra_link_work);
	ndev->netdev_ops = &trondra_netdev_ops;
	eth_hw_addr_random(ndev);
	netif_carrier_off(ndev);
	platform_set_drvdata(pdev, ndev);

	ret = register_netdev(ndev);
	if (ret)
		goto err;
	schedule_delayed_work(&fp->link_work, 0);
	return 0;
err:
	free_netdev(ndev);
	return ret;
}

static void trondra_remove(struct platform_device *pdev)
{
	struct net_device *ndev = platform_get_drvdata(pdev);
	struct trondra_priv *fp = netdev_priv(ndev);

	cancel_delayed_work_sync(&fp->link_work);
	unregister_netdev(ndev);
	free_netdev(ndev);
}

static struct platform_driver trondra_driver = {
	.probe	= trondra_probe,
	.remove	= trondra_remove,
	.driver	= {
		.name = "trondra-mac",
	},
};
module_platform_driver(trondra_driver);
MODULE_LICENSE("GPL");
