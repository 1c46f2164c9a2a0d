"""Record one action from 50 processes at once, given the keys of a user and a target.

The program prints how many of them report that they recorded it.
"""

import sys
from multiprocessing import get_context

import django

COUNT = 50

# The children are forks. They share the imported modules, and open their own connections.
django.setup()
context = get_context("fork")
barrier = context.Barrier(COUNT)


def call(keys: list[int]) -> bool:
    from django.contrib.auth.models import User

    from stream.record import create_action

    user, *target = [User.objects.get(pk=pk) for pk in keys]
    barrier.wait(60)
    return create_action(user, "likes", *target)


if __name__ == "__main__":
    keys = [int(pk) for pk in sys.argv[1:]]
    with context.Pool(COUNT) as pool:
        results = pool.map(call, [keys] * COUNT, chunksize=1)
    sys.stdout.write(f"{sum(results)} of {len(results)}")
