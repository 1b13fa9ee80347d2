"""A Modbus/TCP server of python3-pymodbus: `pymodbus_server.py IDENTITY UNIT...`.

IDENTITY is JSON: the objects by their ids. Prints its port once it listens."""
import asyncio
import json
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server.async_io import ModbusTcpServer


async def serve(objects, units):
    identity = ModbusDeviceIdentification(
        info={int(number): text for number, text in objects.items()})
    slaves = {unit: ModbusSlaveContext() for unit in units}
    server = ModbusTcpServer(ModbusServerContext(slaves=slaves, single=False), identity=identity,
                             address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    await server.serving
    print(server.server.sockets[0].getsockname()[1], flush=True)
    await serving


asyncio.run(serve(json.loads(sys.argv[1]), [int(unit) for unit in sys.argv[2:]]))
