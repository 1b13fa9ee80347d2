#pragma once

#include "tests/plant/scene.hpp"
#include "tests/plant/toml_table.hpp"

namespace ot::plant {

FinsDevice read_fins(TomlTable table);
EnipDevice read_enip(TomlTable table);
ModbusDevice read_modbus(TomlTable table);
ModbusUnit read_modbus_unit(TomlTable& table);
RecordedPort read_recorded(TomlTable table);
std::vector<RecordedExchange> read_exchanges(TomlTable& table);
Fault read_fault(TomlTable table);

}  // namespace ot::plant
