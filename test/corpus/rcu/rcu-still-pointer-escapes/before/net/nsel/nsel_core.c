#include <linux/in.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/rculist.h>
#include <linux/slab.h>

struct nsel_backend {
	struct list_head list;
	struct sockaddr_in addr;
	u32 weight;
	atomic_t conns;
	struct rcu_head rcu;
};

static LIST_HEAD(nsel_backends);
static DEFINE_MUTEX(nsel_mutex);

static struct nsel_backend *nsel_get_backend(u32 hash)
{
	struct nsel_backend *b, *best = NULL;

	list_for_each_entry_rcu(b, &nsel_backends, list) {
		if (!best || (hash % (b->weight + 1)) > best->weight)
			best = b;
	}
	return best;
}

int nsel_connect(struct socket *sock, u32 hash)
{
	struct nsel_backend *b;
	int ret;

	b = nsel_get_backend(hash);
	if (!b)
		return -EHOSTUNREACH;

	atomic_inc(&b->conns);
	ret = kernel_connect(sock, (struct sockaddr *)&b->addr,
			     sizeof(b->addr), 0);
	if (ret)
		atomic_dec(&b->conns);
	return ret;
}

int nsel_add_backend(const struct sockaddr_in *addr, u32 weight)
{
	struct nsel_backend *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return -ENOMEM;
	b->addr = *addr;
	b->weight = weight;
	mutex_lock(&nsel_mutex);
	list_add_tail_rcu(&b->list, &nsel_backends);
	mutex_unlock(&nsel_mutex);
	return 0;
}

int nsel_del_backend(const struct sockaddr_in *addr)
{
	struct nsel_backend *b;

	mutex_lock(&nsel_mutex);
	list_for_each_entry(b, &nsel_backends, list) {
		if (b->addr.sin_addr.s_addr != addr->sin_addr.s_addr)
			continue;
		list_del_rcu(&b->list);
		mutex_unlock(&nsel_mutex);
		kfree_rcu(b, rcu);
		return 0;
	}
	mutex_unlock(&nsel_mutex);
	return -ENOENT;
}
