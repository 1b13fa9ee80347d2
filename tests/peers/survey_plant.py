"""The plant of the survey tests: three halls of 20 hosts each, at the same addresses in each hall.

Each hall has racks, chassis and Modbus devices that are well, and one host for each fault; the
faulty ones speak FINS in hall 1, EtherNet/IP in hall 2, Modbus in hall 3. A fault here depends on
nothing but the request, so that who was asked once more behaves as before. Left out are therefore

    faults that begin or end after so many requests (`after`, `times`): they count the requests of
    all connections, and a walk that is gone on with needs more handshakes and maybe a repeat;
    `garbage`: its bytes depend on how many requests came before, and so does what is said of them;
    `closes` but of FINS: it counts the requests of a connection, and where a walk goes on there
    is a new one, at another request. With FINS it is the handshake again.
"""

HALLS = ("Hall 1", "Hall 2", "Hall 3")
HOSTS = 20
FIRST = "127.60.1."
TARGETS = "127.60.1.2-127.60.1.25"  # the last four are nobody's
UNITS = "1-8"  # of the Modbus gateways

FAULTS = ("silence", "drop", "cut", "reset", "closes", "busy", "slow", "wrong_id", "hostile_text",
          "lying_count")
WELL = HOSTS - len(FAULTS)


def address(number):
    return f"{FIRST}{number}"


def rack(serial, units=3, settings=""):
    models = ("CJ2M-EIP21", "CJ1W-ETN21", "CJ1W-DA021", "CJ1W-SCU41-V1")
    entries = ", ".join(f'{{address = {16 + unit}, model = "{models[unit % 4]}",'
                        f' version = "V{1 + serial % 7}.{unit:02}"}}' for unit in range(units))
    return (f'[host.fins]\n{settings}cpu = "CJ2M-CPU{31 + serial % 5}"\n'
            f'version = "02.{serial % 100:02}"\nunits = [{entries}]\n')


def identity(serial, kind, code, name):
    return (f'vendor = 1, type = {kind}, code = {code}, major = {1 + serial % 9}, minor = 7,'
            f' serial = {serial}, name = "{name}"')


def chassis(serial, cards=4, odd="", settings=""):
    """A communication module in slot 1, the CPU in slot 0, cards behind them."""
    modules = [f'{{slot = 0, {identity(serial + 1, 0x0E, 54, "1756-L61/B LOGIX5561")}}}']
    modules += [f'{{slot = {slot}, {identity(serial + slot, 0x07, 11, "1756-IB16/A DCIN")}}}'
                for slot in range(2, 2 + cards)]
    return (f'[host.enip]\n{settings}'
            f'identity = {{{identity(serial, 0x0C, 166, "1756-EN2T/B")}}}\n[host.enip.chassis]\n'
            f'serial = {serial + 50}\nslots = {cards + 3}\nown_slot = 1\n'
            f'modules = [{", ".join(modules)}{odd}]\n')


def lone(serial, kind, name):
    return f'[host.enip]\nidentity = {{{identity(serial, kind, 65, name)}}}\nno_unconnected_send = true\n'


def objects(serial, model):
    return f'objects = {{0 = "Schneider Electric", 1 = "{model}", 2 = "V{serial % 9}.{serial % 7}"}}\n'


def meter(serial, settings="page = 32\n"):
    return f'[host.modbus]\n{settings}server_id = "PM{serial}"\n{objects(serial, "METSEPM5110")}'


def gateway(serial, units, settings=""):
    text = f'[host.modbus]\n{settings}{objects(serial, "EGX150")}'
    for unit in units:
        text += f"[host.modbus.units.{unit}]\n{objects(serial + unit, f'EM24-{unit}')}"
    return text


def well(hall):
    """Those without a fault, some of them odd."""
    serial = 1000 * (hall + 1)
    return [
        rack(serial, units=12),
        rack(serial + 1, settings="tcp = false\n"),
        rack(serial + 2, units=6, settings="confirms = true\nrefuses = {0x0502 = 0x2604}\n"),
        chassis(0x500000 + 0x1000 * hall, cards=6),
        chassis(0x600000 + 0x1000 * hall, odd=", {slot = 6, silent = true}"),
        # Told what it is, a safety controller is asked nothing further.
        lone(0x700000 + hall, 0x0E, "1769-L33ERMS/A LOGIX5333ERMS") if hall != 1 else
        lone(0x700000 + hall, 0x2E, "PowerFlex 755S"),
        lone(0x710000 + hall, 0x0C, "OpENer PC"),
        meter(serial),
        gateway(serial, (1, 2, 3 + hall)),
        gateway(serial + 9, (2,), "missing_ms = 150\n") +
        rack(serial + 3, settings="udp = false\n"),
    ]


def faulty(hall):
    bodies = []
    for number, kind in enumerate(FAULTS):
        serial = 1000 * (hall + 1) + 100 + number
        if hall == 0:
            # `drop` is silent over UDP alone; `closes` ends it behind the handshake.
            body = rack(serial, settings="tcp = false\n" if kind == "drop" else "")
        elif hall == 1:
            body = chassis(0x800000 + 0x100 * number, cards=2)
        elif kind == "silence":  # a silent gateway takes 18 s
            body = lone(0x900000, 0x0C, "OpENer PC")
        else:
            body = gateway(serial, (1, 4)) if number % 2 else meter(serial)
        amount = {"cut": "bytes = 9\n", "closes": "after = 1\n", "slow": "ms = 250\n"}.get(kind, "")
        fault = f'[[host.fault]]\nkind = "{kind}"\n{amount}'
        bodies.append(body if hall > 0 and kind == "closes" else fault + body)
    return bodies


def scene(hall):
    """The text of a hall's scene, for plantsim; in each hall another host is at an address."""
    bodies = well(hall) + faulty(hall)
    bodies = bodies[hall * 3:] + bodies[:hall * 3]
    return "\n".join(f'[[host]]\nname = "host-{number}"\naddress = "{address(number)}"\n{body}'
                     for number, body in enumerate(bodies, 2))
