// A Modbus/TCP server of another maker: `servers.js jsmodbus|modbus-serial UNIT OBJECTS`.
// OBJECTS is JSON: the objects of its identification by their ids. Prints its port.
const net = require("net");

const [kind, unit, objects] = process.argv.slice(2);

function say(server) {
  console.log(server.address().port);
}

function serveJsmodbus() {
  const modbus = require("jsmodbus");
  const server = net.createServer();
  new modbus.server.TCP(server);
  server.listen(0, "127.0.0.1", () => say(server));
}

function serveModbusSerial() {
  const { ServerTCP } = require("modbus-serial");
  const vector = { readDeviceIdentification: () => JSON.parse(objects) };
  // A zero as a text: the number would mean port 502 to it.
  const server = new ServerTCP(vector, { host: "127.0.0.1", port: "0", unitID: Number(unit) });
  server.on("initialized", () => say(server._server));
}

(kind === "jsmodbus" ? serveJsmodbus : serveModbusSerial)();
