"""What cloud-init is told: it understands it, there is room for it, and each container is run as it should be."""

import gzip
import re
import sys

import pytest
from tests.terraform.machine.boxes import FLAGS, docker_run
from tests.terraform.machine.tools import run, unpacked


def test_cloud_init_understands_it(each, tmp_path):
    file = tmp_path / "user-data"
    file.write_text(each.text, encoding="utf-8")
    path = [unpacked(name) / "usr/lib/python3/dist-packages" for name in ("cloud-init", "python3-configobj")]
    command = ("-W", "ignore", "-m", "cloudinit.cmd.main", "schema", "--config-file", file)
    done = run(sys.executable, *command, PYTHONPATH=":".join(map(str, path)))
    assert (done.returncode, done.stdout.strip()) == (0, f"Valid cloud-config: {file}"), done.stderr


def test_it_leaves_room_in_what_ec2_takes(each):
    assert len(gzip.compress(each.text.encode())) < 14 * 1024


def test_every_file_it_runs_is_there(each):
    named = {word for command in each.commands for word in command if word.startswith("/usr/local/lib/snowmelt/")}
    named |= set(re.findall(r"/usr/local/lib/snowmelt/\S+", "".join(each.files.values())))
    assert named and named <= each.files.keys()
    assert {each.modes[path] for path in named} == {"0755"}


def test_each_container_is_a_unit_that_starts_with_the_machine(each):
    keys = re.findall(r"/etc/snowmelt/env/(\S+)\.env", "\n".join(each.files))
    assert keys
    for key in keys:
        assert ["systemctl", "enable", f"snowmelt-{key}"] in each.commands
        assert "Restart=always" in each.unit(key)
        flags = each.container(key).flags
        assert "--log-opt mode=non-blocking" in flags
        assert f"--env-file /etc/snowmelt/env/{key}.env" in flags
        assert f"ExecStartPre=/usr/local/lib/snowmelt/secrets.sh {key}\n" in each.unit(key)


def test_airflow_migrates_before_it_starts(machine):
    (line,) = re.findall(r"(?m)^ExecStartPre=(/usr/bin/docker run .*)$", machine("airflow").unit("api-server"))
    assert docker_run(line).command == ["airflow", "db", "migrate"]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_container_without_one_of_the_flags_is_noticed(machine, flag):
    (line,) = re.findall(r"(?m)^ExecStart=(.*)$", machine("collector").unit("collector"))
    words = " ".join(f'"{word}"' for word in flag.split())
    assert words in line
    with pytest.raises(ValueError, match=f"without {flag}"):
        docker_run(line.replace(words, ""))
