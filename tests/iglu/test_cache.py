import threading

from hypothesis import given
from hypothesis import strategies as st

from snowmelt.iglu.cache import Cache, Remembered


def test_an_answer_is_remembered_until_another_takes_its_place():
    cache: Cache[str, int] = Cache(2)
    assert cache.get("a") is None
    cache.put("a", 1, 10.0)
    assert cache.get("a") == Remembered(1, 10.0)
    cache.put("a", 2, 20.0)
    assert cache.get("a") == Remembered(2, 20.0)


def test_the_answer_not_used_for_longest_makes_room():
    cache: Cache[str, int] = Cache(2)
    cache.put("a", 1, 0)
    cache.put("b", 2, 0)
    cache.get("a")
    cache.put("c", 3, 0)
    assert cache.get("b") is None
    assert cache.get("a") is not None
    assert cache.get("c") is not None


def test_size_0_keeps_nothing():
    cache: Cache[str, int] = Cache(0)
    cache.put("a", 1, 0)
    assert cache.get("a") is None


@given(st.integers(0, 4), st.lists(st.tuples(st.booleans(), st.integers(0, 6))))
def test_it_holds_what_a_list_in_order_of_use_would_hold(size, operations):
    cache: Cache[int, int] = Cache(size)
    used: list[int] = []  # the key used last at the end
    for is_put, number in operations:
        if is_put:
            cache.put(number, number, 0)
            used = [*(n for n in used if n != number), number][-size:] if size else []
        else:
            assert (cache.get(number) is not None) == (number in used)
            if number in used:
                used = [*(n for n in used if n != number), number]


def test_threads_may_share_it():
    cache: Cache[int, int] = Cache(3)
    errors: list[Exception] = []

    def use() -> None:
        try:
            for number in range(3000):
                cache.put(number % 7, number, 0)
                cache.get((number + 3) % 7)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
