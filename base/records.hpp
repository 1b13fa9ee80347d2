#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace ot {

/// How sure a value is. `confirmed`: parsed from a structure verified on real
/// files. `schema`: read by a self-describing schema. `declared`: said by a
/// file or member name. `heuristic`: found by a scan.
enum class Confidence : std::uint8_t { confirmed, schema, declared, heuristic };
std::string_view to_string(Confidence confidence);
std::optional<Confidence> confidence_from(std::string_view text);

/// Who says so: a project file, or the device itself.
enum class Origin : std::uint8_t { configured, observed };
std::string_view to_string(Origin origin);
std::optional<Origin> origin_from(std::string_view text);

/// hardware.category2 of the platform's records.
enum class Category : std::uint8_t {
  unknown,
  plc,
  communication,
  io,
  power_supply,
  interface,
  function,
  synchronization,
  rack,
  protection_relay,
  network_switch,
  hmi,
};
/// "Communication Module"; empty for unknown.
std::string_view to_string(Category category);
Category category_from(std::string_view text);

struct Hardware {
  std::string vendor;
  std::string model;
  std::string product_name;
  Category category = Category::unknown;

  bool operator==(const Hardware&) const = default;
};

/// A network or field bus attachment. What is not configured or not used stays empty.
struct Interface {
  std::string name;         ///< "PN-IO-X5", port letter "F"
  std::string address;      ///< dotted IPv4
  std::string subnet_mask;  ///< dotted
  std::string gateway;      ///< dotted
  std::string mac_address;  ///< "00:0e:8c:12:34:56"
  std::string network;      ///< name of the subnet it is linked to
  std::string device_name;  ///< PROFINET device name
  std::optional<std::uint32_t> profibus_address;
  std::optional<std::uint32_t> mpi_address;
  std::optional<std::uint32_t> slot;
  std::optional<std::uint32_t> subslot;

  bool operator==(const Interface&) const = default;
};

/// The attachment whose address and MAC stand for the whole asset: the first
/// with an address; only where none has one, the first with a MAC. May be null.
const Interface* primary_interface(const std::vector<Interface>& interfaces);

/// What sits in or under an asset: a module, a PROFIBUS slave, a plug-in.
struct AddOn {
  std::string name;          ///< as the project calls it
  std::string type_id;       ///< the project's own type string, as written
  std::string bus;           ///< "DPSUBSYSTEM 1", "IOSUBSYSTEM 101"; empty in a rack
  std::string unit_address;  ///< slot number, port letter, FINS unit address
  std::string order_id;      ///< without blank and catalogue prefix
  std::string serial_number;
  std::string firmware_version;
  std::string io_addresses;  ///< "I 0..15, O 256..271": bytes of the process image
  Hardware hardware;
  std::optional<std::uint32_t> slave_address;  ///< PROFIBUS address
  std::optional<std::uint32_t> rack;
  std::optional<std::uint32_t> slot;
  std::optional<std::uint32_t> subslot;
  Origin origin = Origin::configured;
  Confidence confidence = Confidence::confirmed;

  bool operator==(const AddOn&) const = default;
};

/// A rack of a station: its own order number is that of the rail or backplane.
struct Rack {
  std::uint32_t number = 0;
  std::string order_id;
  std::string name;

  bool operator==(const Rack&) const = default;
};

/// A further fact that the source states and the platform has no field for.
struct Detail {
  std::string name;  ///< "configurationVersion"
  std::string value;
  Confidence confidence = Confidence::confirmed;

  bool operator==(const Detail&) const = default;
};

/// A controller, or a device with an address of its own.
struct Asset {
  std::string name;              ///< CPU, PROFINET device or IED name
  std::string station;           ///< STEP 7 station, IED name
  std::string type_id;           ///< the project's own type string, as written
  std::string project_asset_id;  ///< the engineering tool's id of the object (ASSET_ID)
  std::string bus;               ///< "IOSUBSYSTEM 101" of a PROFINET IO device
  std::string order_id;
  std::string serial_number;
  std::string firmware_version;
  Hardware hardware;
  std::optional<std::uint32_t> device_number;  ///< IOADDRESS of a PROFINET IO device
  std::optional<std::uint32_t> rack;
  std::optional<std::uint32_t> slot;
  std::vector<Interface> interfaces;
  std::vector<Rack> racks;
  std::vector<Detail> details;
  std::vector<AddOn> add_ons;
  Origin origin = Origin::configured;
  Confidence confidence = Confidence::confirmed;

  bool operator==(const Asset&) const = default;
};

/// Something in a file that the reader should know about but that stopped nothing.
struct Warning {
  std::string message;
  Position position;

  bool operator==(const Warning&) const = default;
};

/// What a parser read from one engineering project file.
struct Project {
  std::string project_name;
  std::string vendor;                    ///< of the engineering tool
  std::string engineering_tool_name;     ///< "STEP7", "DIGSI 5"
  std::string engineering_tool_version;  ///< as the file says it
  Confidence tool_confidence = Confidence::confirmed;
  std::optional<Time> exported_at;  ///< the file's own date, taken as UTC where it names no zone
  std::string exported_text;        ///< that date as written
  std::vector<Detail> details;      ///< of the file: its form, what was counted in it
  std::vector<Asset> assets;
  std::vector<Warning> warnings;

  bool operator==(const Project&) const = default;
};

enum class FileStatus : std::uint8_t { importing, imported, deleted, failed };
std::string_view to_string(FileStatus status);  ///< "Importing", ...
std::optional<FileStatus> file_status_from(std::string_view text);

/// "0x0000000a": how the platform writes a slave address.
std::string slave_address_text(std::uint32_t address);
std::optional<std::uint32_t> slave_address_from(std::string_view text);

}  // namespace ot
