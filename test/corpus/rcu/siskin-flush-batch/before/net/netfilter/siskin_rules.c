// SPDX-License-Identifier: GPL-2.0
/*
 * siskin: per namespace mark rules
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/ip.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

struct siskin_rule {
	struct list_head	list;
	__be32			saddr;
	__be32			mask;
	u32			mark;
	char			*comment;
};

struct siskin_net {
	struct list_head	rules;
	struct mutex		lock;		/* writers of rules */
};

static unsigned int siskin_net_id;

static unsigned int siskin_hook(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct siskin_net *sn = net_generic(state->net, siskin_net_id);
	const struct iphdr *iph = ip_hdr(skb);
	struct siskin_rule *r;

	/* nf_hook() holds rcu_read_lock() */
	list_for_each_entry_rcu(r, &sn->rules, list) {
		if ((iph->saddr & r->mask) == r->saddr) {
			skb->mark = r->mark;
			break;
		}
	}
	return NF_ACCEPT;
}

static void siskin_rule_free(struct siskin_rule *r)
{
	kfree(r->comment);
	kfree(r);
}

static int siskin_rule_add(struct siskin_net *sn, __be32 saddr, __be32 mask,
			   u32 mark, const char *comment, size_t len)
{
	struct siskin_rule *r;

	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->comment = kmalloc(len, GFP_KERNEL);
	if (!r->comment) {
		kfree(r);
		return -ENOMEM;
	}
	memcpy(r->comment, comment, len);
	r->saddr = saddr & mask;
	r->mask = mask;
	r->mark = mark;

	mutex_lock(&sn->lock);
	list_add_tail_rcu(&r->list, &sn->rules);
	mutex_unlock(&sn->lock);
	return 0;
}

static int siskin_rule_del(struct siskin_net *sn, __be32 saddr)
{
	struct siskin_rule *r;

	mutex_lock(&sn->lock);
	list_for_each_entry(r, &sn->rules, list) {
		if (r->saddr != saddr)
			continue;
		list_del_rcu(&r->list);
		mutex_unlock(&sn->lock);
		synchronize_rcu();
		siskin_rule_free(r);
		return 0;
	}
	mutex_unlock(&sn->lock);
	return -ENOENT;
}

static int siskin_rule_flush(struct siskin_net *sn)
{
	struct siskin_rule *r, *tmp;

	mutex_lock(&sn->lock);
	list_for_each_entry_safe(r, tmp, &sn->rules, list) {
		list_del_rcu(&r->list);
		synchronize_rcu();
		siskin_rule_free(r);
	}
	mutex_unlock(&sn->lock);
	return 0;
}

static const struct nf_hook_ops siskin_ops = {
	.hook		= siskin_hook,
	.pf		= NFPROTO_IPV4,
	.hooknum	= NF_INET_PRE_ROUTING,
	.priority	= NF_IP_PRI_MANGLE,
};

static int __net_init siskin_net_init(struct net *net)
{
	struct siskin_net *sn = net_generic(net, siskin_net_id);

	INIT_LIST_HEAD(&sn->rules);
	mutex_init(&sn->lock);
	return nf_register_net_hook(net, &siskin_ops);
}

static void __net_exit siskin_net_exit(struct net *net)
{
	struct siskin_net *sn = net_generic(net, siskin_net_id);

	nf_unregister_net_hook(net, &siskin_ops);
	siskin_rule_flush(sn);
}

static struct pernet_operations siskin_net_ops = {
	.init	= siskin_net_init,
	.exit	= siskin_net_exit,
	.id	= &siskin_net_id,
	.size	= sizeof(struct siskin_net),
};
