// Buffers on queues, sockets that a user or a softirq owns.
// simulate: queue_bare take_bare
// simulate: queue_locked take_locked
// simulate: user_sets softirq_sets
// simulate: user_sets softirq_forgets
#include <linux/skbuff.h>
#include <net/sock.h>

struct port {
	struct sk_buff_head queue;
	struct sock *sk;
};

void queue_bare(struct port *port, struct sk_buff *skb)
{
	__skb_queue_tail(&port->queue, skb);
}

void take_bare(struct port *port)
{
	struct sk_buff *skb = __skb_dequeue(&port->queue);

	if (skb)
		kfree_skb(skb);
}

void queue_locked(struct port *port, struct sk_buff *skb)
{
	skb_queue_tail(&port->queue, skb);
}

void take_locked(struct port *port)
{
	struct sk_buff *skb = skb_dequeue(&port->queue);

	if (skb)
		kfree_skb(skb);
}

void user_sets(struct sock *sk)
{
	lock_sock(sk);
	sk->sk_err++;
	release_sock(sk);
}

void softirq_sets(struct sock *sk)
{
	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk))
		sk->sk_err++;
	bh_unlock_sock(sk);
}

void softirq_forgets(struct sock *sk)
{
	bh_lock_sock(sk);
	sk->sk_err++;
	bh_unlock_sock(sk);
}
