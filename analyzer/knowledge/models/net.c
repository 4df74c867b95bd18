/*
 * Networking: net/core/skbuff.c, net/core/sock.c, net/core/dev.c, include/linux/skbuff.h, netdevice.h, include/net/sock.h.
 */

/* include/linux/skbuff.h: the queue's own lock is held, or nobody else uses the queue. */
void __skb_queue_tail(struct sk_buff_head *list, struct sk_buff *skb)
{
	WINDOW(list->__window, exclusive);
	__skb_insert_last(list, skb);
}

ATOMIC void __skb_insert_last(struct sk_buff_head *list, struct sk_buff *skb)
{
	if (list->__slot)
		list->__slot1 = skb;
	else
		list->__slot = skb;
	skb->__on = list;
	list->qlen = list->qlen + 1;
	WINDOW_END(list->__window, exclusive);
}

/* include/linux/skbuff.h */
void __skb_queue_head(struct sk_buff_head *list, struct sk_buff *skb)
{
	__skb_queue_tail(list, skb);
}

/* include/linux/skbuff.h */
struct sk_buff *__skb_dequeue(struct sk_buff_head *list)
{
	WINDOW(list->__window, exclusive);
	return __skb_take_first(list);
}

ATOMIC struct sk_buff *__skb_take_first(struct sk_buff_head *list)
{
	struct sk_buff *skb = list->__slot;

	if (skb) {
		list->__slot = list->__slot1;
		list->__slot1 = 0;
		skb->__on = 0;
		list->qlen = list->qlen - 1;
	}
	WINDOW_END(list->__window, exclusive);
	return skb;
}

/* include/linux/skbuff.h */
void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	WINDOW(list->__window, exclusive);
	__skb_take_out(skb, list);
}

ATOMIC void __skb_take_out(struct sk_buff *skb, struct sk_buff_head *list)
{
	CHECK("lost-data", skb->__on == list, "the buffer is taken off a queue that it is not on: the queue is corrupted");
	if (list->__slot == skb)
		list->__slot = list->__slot1;
	list->__slot1 = 0;
	skb->__on = 0;
	list->qlen = list->qlen - 1;
	WINDOW_END(list->__window, exclusive);
}

/* net/core/skbuff.c: with the queue's lock. */
void skb_queue_tail(struct sk_buff_head *list, struct sk_buff *skb)
{
	spin_lock_irqsave(&list->lock, 0);
	__skb_queue_tail(list, skb);
	spin_unlock_irqrestore(&list->lock, 0);
}

/* net/core/skbuff.c */
void skb_queue_head(struct sk_buff_head *list, struct sk_buff *skb)
{
	spin_lock_irqsave(&list->lock, 0);
	__skb_queue_tail(list, skb);
	spin_unlock_irqrestore(&list->lock, 0);
}

/* net/core/skbuff.c */
struct sk_buff *skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	spin_lock_irqsave(&list->lock, 0);
	skb = __skb_dequeue(list);
	spin_unlock_irqrestore(&list->lock, 0);
	return skb;
}

/* net/core/skbuff.c */
void skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	spin_lock_irqsave(&list->lock, 0);
	__skb_unlink(skb, list);
	spin_unlock_irqrestore(&list->lock, 0);
}

/* net/core/skbuff.c */
void skb_queue_purge(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_dequeue(list);

	if (skb)
		kfree_skb(skb);
	skb = skb_dequeue(list);
	if (skb)
		kfree_skb(skb);
}

/* include/linux/skbuff.h: without the lock. */
void __skb_queue_purge(struct sk_buff_head *list)
{
	struct sk_buff *skb = __skb_dequeue(list);

	if (skb)
		kfree_skb(skb);
}

/* include/linux/skbuff.h */
ATOMIC struct sk_buff *skb_peek(struct sk_buff_head *list)
{
	return list->__slot;
}

/* include/linux/skbuff.h */
ATOMIC int skb_queue_empty(struct sk_buff_head *list)
{
	EITHER(list);
	return !list->__slot;
}

/* include/linux/skbuff.h */
ATOMIC int skb_queue_empty_lockless(struct sk_buff_head *list)
{
	return !list->__slot;
}

/* include/linux/skbuff.h */
ATOMIC int skb_queue_len(struct sk_buff_head *list)
{
	return list->qlen;
}

/* include/linux/skbuff.h */
ATOMIC void skb_queue_head_init(struct sk_buff_head *list)
{
	list->__slot = 0;
	list->__slot1 = 0;
	list->qlen = 0;
}

/* net/core/sock.c: the owner sleeps for the socket; softirqs see that it is owned and put their work on the backlog. */
void lock_sock(struct sock *sk)
{
	mutex_lock(&sk->__owner);
	spin_lock_bh(&sk->__slock);
	__sock_owned(sk, 1);
}

/* net/core/sock.c */
void lock_sock_nested(struct sock *sk, int subclass)
{
	lock_sock(sk);
}

ATOMIC void __sock_owned(struct sock *sk, int owned)
{
	sk->__owned = owned;
	spin_unlock_bh(&sk->__slock);
}

/* net/core/sock.c */
void release_sock(struct sock *sk)
{
	spin_lock_bh(&sk->__slock);
	__sock_owned(sk, 0);
	mutex_unlock(&sk->__owner);
}

/* include/net/sock.h */
void bh_lock_sock(struct sock *sk)
{
	spin_lock(&sk->__slock);
}

/* include/net/sock.h */
void bh_lock_sock_nested(struct sock *sk)
{
	spin_lock(&sk->__slock);
}

/* include/net/sock.h */
void bh_unlock_sock(struct sock *sk)
{
	spin_unlock(&sk->__slock);
}

/* include/net/sock.h */
ATOMIC int sock_owned_by_user(struct sock *sk)
{
	return sk->__owned;
}

/* include/linux/netdevice.h */
ATOMIC void netif_stop_queue(struct net_device *dev)
{
	dev->__queue_stopped = 1;
}

/* include/linux/netdevice.h */
ATOMIC void netif_wake_queue(struct net_device *dev)
{
	dev->__queue_stopped = 0;
}

/* include/linux/netdevice.h */
ATOMIC void netif_start_queue(struct net_device *dev)
{
	dev->__queue_stopped = 0;
}

/* include/linux/netdevice.h */
ATOMIC int netif_queue_stopped(struct net_device *dev)
{
	return dev->__queue_stopped;
}
