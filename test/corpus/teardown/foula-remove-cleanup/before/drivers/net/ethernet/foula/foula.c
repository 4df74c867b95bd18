// SPDX-License-Identifier: GPL-2.0
/*
 * Foula MAC: link supervision
 */
#include <linux/etherdevice.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "foula.h"

#define FOULA_LINK		0x44
#define FOULA_LINK_UP		BIT(0)
#define FOULA_LINK_POLL		(HZ / 2)

struct foula_priv {
	struct net_device	*ndev;
	void __iomem		*base;
	struct delayed_work	link_work;
	bool			link;
};

static void foula_link_work(struct work_struct *work)
{
	struct foula_priv *fp = container_of(to_delayed_work(work),
					     struct foula_priv, link_work);
	bool up = readl(fp->base + FOULA_LINK) & FOULA_LINK_UP;

	if (up != fp->link) {
		fp->link = up;
		if (up)
			netif_carrier_on(fp->ndev);
		else
			netif_carrier_off(fp->ndev);
	}
	schedule_delayed_work(&fp->link_work, FOULA_LINK_POLL);
}

static int foula_open(struct net_device *ndev)
{
	struct foula_priv *fp = netdev_priv(ndev);

	foula_hw_enable(fp->base);
	netif_start_queue(ndev);
	return 0;
}

static int foula_stop(struct net_device *ndev)
{
	struct foula_priv *fp = netdev_priv(ndev);

	netif_stop_queue(ndev);
	foula_hw_disable(fp->base);
	return 0;
}

static netdev_tx_t foula_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	struct foula_priv *fp = netdev_priv(ndev);

	foula_hw_tx(fp->base, skb->data, skb->len);
	dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops foula_netdev_ops = {
	.ndo_open	= foula_open,
	.ndo_stop	= foula_stop,
	.ndo_start_xmit	= foula_xmit,
};

static int foula_probe(struct platform_device *pdev)
{
	struct net_device *ndev;
	struct foula_priv *fp;
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
	INIT_DELAYED_WORK(&fp->link_work, foula_link_work);
	ndev->netdev_ops = &foula_netdev_ops;
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

static void foula_remove(struct platform_device *pdev)
{
	struct net_device *ndev = platform_get_drvdata(pdev);
	struct foula_priv *fp = netdev_priv(ndev);

	cancel_delayed_work_sync(&fp->link_work);
	unregister_netdev(ndev);
	free_netdev(ndev);
}

static struct platform_driver foula_driver = {
	.probe	= foula_probe,
	.remove	= foula_remove,
	.driver	= {
		.name = "foula-mac",
	},
};
module_platform_driver(foula_driver);
MODULE_LICENSE("GPL");
