"""The pinned npm packages of the tests, installed once below build/peers."""
import hashlib
import os
import shutil

import plant


def read(path):
    """Its text; none when it is not there."""
    if not os.path.exists(path):
        return ""
    with open(path) as file:
        return file.read()


def install(source, name):
    """What the package.json and the lock in `source` name: the folder build/peers/NAME, which has
    the node_modules. None when they can't be had."""
    folder = os.path.join(plant.REPOSITORY, "build", "peers", name)
    lock = read(os.path.join(source, "package-lock.json"))
    wanted = hashlib.sha256(lock.encode()).hexdigest()
    mark = os.path.join(folder, "installed")
    if read(mark) == wanted:
        return folder
    if shutil.which("npm") is None:
        return None
    os.makedirs(folder, exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(source, file), folder)
    done = plant.run(["npm", "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund",
                      "--fetch-retries=1", "--fetch-timeout=20000"], cwd=folder)
    if done.exit_code != 0:
        print(done.err)
        return None
    with open(mark, "w") as file:
        file.write(wanted)
    return folder


def environment(folder):
    """That in which node finds them."""
    return {**os.environ, "NODE_PATH": os.path.join(folder, "node_modules")}
