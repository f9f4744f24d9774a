# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # What visitors do, and how far to trust it
#
# All times are UTC. The first section says how fresh and how whole the numbers are; read it before the others.

# %% tags=["parameters"]
backend = "databricks"  # or "duckdb"
database = "snowmelt"  # a catalog, or the path of a DuckDB file

# %%
from html import escape

import pandas as pd
import plotly.graph_objects as go
from IPython.display import HTML, display

BLUE, ORANGE, GREEN, VIOLET = "#3d85c6", "#d9822b", "#3f9c78", "#9070c8"
TOP = 10


def query(template, **parts):
    """The rows of a statement that reads alike on both engines; ``{name}`` in it stands for a part of it."""
    statement = template.format(**parts)
    if backend == "duckdb":
        import duckdb

        with duckdb.connect(database, read_only=True) as connection:
            return connection.execute(statement).df()
    spark.sql(f"use catalog {database}")
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    return spark.sql(statement).toPandas()


def value(statement):
    """The one value of a statement, None where it is null."""
    (found,) = query(statement).iloc[0]
    return None if pd.isna(found) else found


def tiles(*pairs):
    """A strip of numbers: (name, number, a word about it)."""
    cells = (f"<div><dt>{name}</dt><dd>{text}<small>{word}</small></dd></div>" for name, text, word in pairs)
    display(HTML(f'<dl class="tiles wide">{"".join(cells)}</dl>'))


def state(kind, sentence):
    """One sentence about how far to trust the page: good, warn or bad."""
    display(HTML(f'<p class="state wide {kind}">{sentence}</p>'))


def table(title, rows, empty, wide=False):
    """A table with numbers to the right, or the sentence about there being none."""
    if rows.empty:
        body = f'<p class="empty">{empty}</p>'
    else:
        marks = [f' class="{column_class(kind)}"' for kind in rows.dtypes]
        head = "".join(f"<th{mark}>{escape(name)}</th>" for mark, name in zip(marks, rows.columns, strict=True))
        lines = (
            "".join(f"<td{mark}>{cell(item)}</td>" for mark, item in zip(marks, row, strict=True))
            for row in rows.itertuples(index=False)
        )
        body = f"<table><thead><tr>{head}</tr></thead><tbody><tr>{'</tr><tr>'.join(lines)}</tr></tbody></table>"
    display(HTML(f'<div class="table{" wide" if wide else ""}"><h3>{title}</h3>{body}</div>'))


def column_class(kind):
    """How a table sets a column of that type."""
    if pd.api.types.is_numeric_dtype(kind):
        return "number"
    return "moment" if pd.api.types.is_datetime64_any_dtype(kind) else "text"


def cell(item):
    """How a table shows a value. What visitors typed is escaped."""
    if pd.isna(item):
        return "–"
    if isinstance(item, pd.Timestamp):
        return f"{item:%Y-%m-%d %H:%M}"
    if isinstance(item, float) and not item.is_integer():
        return f"{item:,.1f}"
    return escape(str(item)) if isinstance(item, str) else f"{item:,.0f}"


def chart(title, trace, empty, wide=False, **axes):
    """One chart, or the sentence about there being nothing to draw."""
    if len(trace.x) == 0:
        table(title, pd.DataFrame(), empty, wide)
        return
    figure = go.Figure(trace)
    figure.update_layout(
        title={
            "text": f"<b>{title}</b>",
            "font": {"size": 15},
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
        },
        title_pad={"t": 4, "l": 2},
        title_yanchor="top",
        margin={"l": 4, "r": 12, "t": 36, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        bargap=0.25,
        meta={"wide": wide},
        **axes,
    )
    figure.show()


def over_time(title, rows, amount, colour, empty, wide=False):
    """Bars of an amount by the column ``moment``; the one that is ``unfinished`` is pale."""
    moments, amounts = rows["moment"].tolist(), rows[amount].tolist()
    opacity = [0.4 if moment == unfinished else 1.0 for moment in moments]
    milliseconds = step / pd.Timedelta(milliseconds=1)
    bars = go.Bar(
        x=moments,
        y=amounts,
        width=0.8 * milliseconds,
        marker={"color": colour, "opacity": opacity, "line": {"width": 0}},
    )
    span = [min(moments[0], moments[-1] - 11 * step) - step / 2, moments[-1] + step / 2] if moments else None
    whole = {"dtick": 1} if max(amounts, default=0) < 5 else {}
    chart(
        title,
        bars,
        empty,
        wide,
        xaxis={"automargin": True, "showgrid": False, "range": span},
        yaxis={"automargin": True, "rangemode": "tozero", **whole},
    )


def ranked(title, rows, name, amount, colour, empty):
    """Lying bars of an amount, the first row on top."""
    amounts, places = rows[amount].tolist(), list(range(len(rows)))
    bars = go.Bar(
        x=amounts,
        y=places,
        orientation="h",
        marker={"color": colour, "line": {"width": 0}},
        text=[f"{number:,}" for number in amounts],
        textposition="outside",
        cliponaxis=False,
        hovertext=rows[name].tolist(),
        hoverinfo="text+x",
    )
    labels = [shortened(text) for text in rows[name]]
    names = {"tickvals": places, "ticktext": labels, "range": [max(len(rows), 5) - 0.5, -0.5], "ticklabelstandoff": 6}
    reach = {"range": [0, 1.15 * max(amounts, default=1)], "visible": False}
    chart(title, bars, empty, xaxis=reach, yaxis=names | {"automargin": True, "showgrid": False})


def sessions_by(column):
    """Sessions by the values of a column, the most frequent first and the rare ones summed up."""
    return query(
        """
        with counted as (
            select coalesce({column}, '(none)') as name, count(*) as sessions
            from derived.sessions
            where not is_bot
            group by 1
        ),

        ranked as (
            select *, row_number() over (order by sessions desc, name asc) as place from counted
        )

        select
            case when place <= {top} then name else '(others)' end as name,
            cast(sum(sessions) as bigint) as sessions
        from ranked
        group by 1
        order by min(place)
    """,
        column=column,
        top=TOP,
    )


def clock(moment):
    """A moment as time and date, or a dash."""
    return ("–", "none yet") if moment is None else (f"{moment:%H:%M}", f"{moment:%Y-%m-%d}")


def decimal(number):
    """A number with one place, or a dash."""
    return "–" if pd.isna(number) else f"{number:,.1f}"


def percent(number):
    """A share, or a dash."""
    return "–" if pd.isna(number) else f"{number:.0f} %"


def duration(seconds):
    """Minutes and seconds, or a dash."""
    return "–" if pd.isna(seconds) else f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"


def shortened(name, limit=34):
    """A name that fits beside its bar; the middle goes, since addresses differ at their ends."""
    return name if len(name) <= limit else f"{name[: limit // 2 - 1]}…{name[-limit // 2 :]}"


# %% [markdown]
# ## Freshness and books


# %%
def runs_where(condition):
    """How many runs meet it, with how many events, and when the last of them was released."""
    return query(
        """
        select count(*) as runs, coalesce(sum(count_good), 0) as events, max(released_tstamp) as released
        from atomic.load_manifest
        where {condition}
    """,
        condition=condition,
    ).iloc[0]


def in_runs(number):
    """How many runs, in words."""
    return "in 1 run" if number == 1 else f"in {number:,} runs"


# A run released after the models were built is for the next build.
read_runs = runs_where("load_tstamp in (select load_tstamp from derived.stg_load_manifest)")
held_runs = runs_where("state = 'held'")
released, held = int(read_runs.events), int(held_runs.events)
staged = int(value("select coalesce(sum(events), 0) from derived.event_quality"))
duplicates = int(value("select coalesce(sum(duplicate_rows), 0) from derived.event_quality"))
newest = value("select max(last_collector_tstamp) from derived.event_quality")
bad_rows = int(value("select coalesce(sum(bad_rows), 0) from derived.bad_row_counts"))
last_release = None if pd.isna(read_runs.released) else read_runs.released

if released != staged + duplicates:
    state("bad", f"Do not trust this page: released were {released:,} events, found are {staged + duplicates:,}.")
elif held:
    state("warn", f"Held by a check, and missing below until they are released or dropped: {held:,} events.")
elif not released:
    state("warn", "No events yet. Send some and run the chain; this page fills itself.")
else:
    state("good", f"The books balance: {released:,} released = {staged:,} staged + {duplicates:,} duplicates.")

tiles(
    ("Newest event", *clock(newest)),
    ("Last release", *clock(last_release)),
    ("Events", f"{staged:,}", in_runs(read_runs.runs)),
    ("Duplicates", f"{duplicates:,}", "removed"),
    ("Held", f"{held:,}", in_runs(held_runs.runs)),
    ("Bad rows", f"{bad_rows:,}", "refused, kept with reasons"),
)

# %% [markdown]
# ## Traffic
#
# People only: what crawlers and automated browsers did is left out, here and in the sections on pages, sources and
# Sample Input. A pale bar is an hour or a day that was not over when the newest event came.

# %%
totals = query("""
    select
        count(*) as sessions,
        count(distinct domain_userid) as visitors,
        avg(page_views) as views,
        avg(engaged_seconds) as engaged_seconds,
        avg(case when is_engaged then 100.0 else 0.0 end) as engaged_share
    from derived.sessions
    where not is_bot
""").iloc[0]
tiles(
    ("Visitors", f"{int(totals.visitors):,}", "told apart by their cookie"),
    ("Sessions", f"{int(totals.sessions):,}", "of people"),
    ("Views a session", decimal(totals.views), "on average"),
    ("Engaged time", duration(totals.engaged_seconds), "a session, on average"),
    ("Engaged sessions", percent(totals.engaged_share), "two views, two heartbeats or a conversion"),
)

span = query("select min(start_tstamp) as first, max(start_tstamp) as last from derived.page_views where not is_bot")
hours = (span["last"][0] - span["first"][0]).total_seconds() / 3600 if span["last"].notna()[0] else 0
grain = "hour" if hours <= 72 else "day"
step = pd.Timedelta(1, grain)
unfinished = None if newest is None else newest.floor(step)
views = query(
    """
    select date_trunc('{grain}', start_tstamp) as moment, count(*) as page_views
    from derived.page_views
    where not is_bot
    group by 1
    order by 1
""",
    grain=grain,
)
visits = query(
    """
    select
        date_trunc('{grain}', start_tstamp) as moment,
        count(*) as sessions,
        count(distinct domain_userid) as visitors
    from derived.sessions
    where not is_bot
    group by 1
    order by 1
""",
    grain=grain,
)
over_time(f"Page views by {grain}", views, "page_views", BLUE, "No page has been viewed yet.", wide=True)
over_time(f"Sessions by {grain} of their start", visits, "sessions", GREEN, "No session has begun yet.")
over_time(f"Visitors by {grain}", visits, "visitors", ORANGE, "Nobody has visited yet.")

# %% [markdown]
# ## Pages

# %%
pages = query(
    """
    select
        coalesce(page_urlhost, '') || coalesce(page_urlpath, '') as page,
        count(*) as views,
        avg(engaged_seconds) as engaged_seconds,
        avg(scroll_depth_percent) as scrolled_percent
    from derived.page_views
    where not is_bot
    group by 1
    order by views desc, page
    limit {top}
""",
    top=TOP,
)
table(
    "Most viewed, and how they were read",
    pages.rename(columns={"engaged_seconds": "engaged seconds", "scrolled_percent": "scrolled, percent"}),
    "No page has been viewed yet.",
    wide=True,
)

# %% [markdown]
# ## Where visitors come from, and on what

# %%
ranked("Sessions by channel", sessions_by("channel_group"), "name", "sessions", VIOLET, "No session has begun yet.")
ranked(
    "Sessions by source",
    sessions_by("lower(coalesce(mkt_source, refr_source, refr_urlhost))"),
    "name",
    "sessions",
    VIOLET,
    "No session has begun yet.",
)
ranked("Sessions by device", sessions_by("device_type"), "name", "sessions", ORANGE, "No session has begun yet.")
ranked("Sessions by browser", sessions_by("useragent_family"), "name", "sessions", ORANGE, "No session has begun yet.")

# %% [markdown]
# ## Sample Input
#
# What visitors typed into the tracker page's field, newest first.

# %%
table(
    "Latest values",
    query(
        """
        select derived_tstamp as moment, sample_input_value as value, page_urlpath as page, domain_userid as visitor
        from derived.sample_inputs
        where not is_bot
        order by derived_tstamp desc, event_id
        limit {top}
    """,
        top=TOP,
    ),
    "Nobody has typed anything yet.",
    wide=True,
)

# %% [markdown]
# ## What was refused or held

# %%
table(
    "Bad rows by kind",
    query("""
        select
            kind,
            cast(sum(bad_rows) as bigint) as amount,
            min(first_message) as example,
            max(last_failure_tstamp) as newest
        from derived.bad_row_counts
        group by kind
        order by amount desc, kind
    """),
    "None.",
    wide=True,
)
table(
    "Held runs",
    query("""
        select run, count_good as events, held_tstamp as held, reason
        from atomic.load_manifest
        where state = 'held'
        order by held_tstamp
    """),
    "None. A failed check would hold its run, and you would read here why.",
    wide=True,
)
