#pragma once

#include <type_traits>

#include "base/records.hpp"
#include "parsers/parser.hpp"

// What records consist of, for Pack and Unpack. Each list names every member: one that is added
// and not named here does not compile.

namespace ot {

template <class Value, class Record>
concept Either = std::is_same_v<std::remove_const_t<Value>, Record>;

template <class Archive, Either<Hardware> Value>
void fields(Archive& archive, Value& value) {
  auto& [vendor, model, product_name, category] = value;
  archive(vendor, model, product_name, category);
}

template <class Archive, Either<Interface> Value>
void fields(Archive& archive, Value& value) {
  auto& [name, address, mask, gateway, mac, network, device, profibus, mpi, slot, subslot] = value;
  archive(name, address, mask, gateway, mac, network, device, profibus, mpi, slot, subslot);
}

template <class Archive, Either<AddOn> Value>
void fields(Archive& archive, Value& value) {
  auto& [name, type_id, bus, unit, order, serial, firmware, io, hardware, slave, rack, slot,
         subslot, origin, confidence] = value;
  archive(name, type_id, bus, unit, order, serial, firmware, io, hardware, slave, rack, slot,
          subslot, origin, confidence);
}

template <class Archive, Either<Rack> Value>
void fields(Archive& archive, Value& value) {
  auto& [number, order_id, name] = value;
  archive(number, order_id, name);
}

template <class Archive, Either<Detail> Value>
void fields(Archive& archive, Value& value) {
  auto& [name, text, confidence] = value;
  archive(name, text, confidence);
}

template <class Archive, Either<Asset> Value>
void fields(Archive& archive, Value& value) {
  auto& [name, station, type_id, project_id, bus, order, serial, firmware, hardware, device, rack,
         slot, interfaces, racks, details, add_ons, origin, confidence] = value;
  archive(name, station, type_id, project_id, bus, order, serial, firmware, hardware, device, rack,
          slot, interfaces, racks, details, add_ons, origin, confidence);
}

template <class Archive, Either<Position> Value>
void fields(Archive& archive, Value& value) {
  auto& [unit, number] = value;
  archive(unit, number);
}

template <class Archive, Either<Warning> Value>
void fields(Archive& archive, Value& value) {
  auto& [message, position] = value;
  archive(message, position);
}

template <class Archive, Either<Project> Value>
void fields(Archive& archive, Value& value) {
  auto& [project_name, vendor, tool, version, tool_confidence, exported_at, exported_text, details,
         assets, warnings] = value;
  archive(project_name, vendor, tool, version, tool_confidence, exported_at, exported_text, details,
          assets, warnings);
}

}  // namespace ot

namespace ot::parsers {

template <class Archive, Either<Limits> Value>
void fields(Archive& archive, Value& value) {
  auto& [file, archive_bytes, member, members, ratio, depth, records, warnings, time] = value;
  archive(file, archive_bytes, member, members, ratio, depth, records, warnings, time);
}

}  // namespace ot::parsers
