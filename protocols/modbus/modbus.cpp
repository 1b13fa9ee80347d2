#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/runs.hpp"
#include "base/text.hpp"
#include "protocols/modbus/unit.hpp"
#include "protocols/probe.hpp"

namespace ot::protocols::modbus {
namespace {

using link::Subject;

/// The device itself, whatever is behind it (Messaging on TCP/IP V1.0b, 4.4.1.2).
constexpr std::uint8_t kOwnUnit = 255;
/// Where many devices answer that do not know unit 255.
constexpr std::uint8_t kUsualUnit = 1;
/// A unit id that hardly any gateway has: who answers for it answers for all.
constexpr std::uint8_t kAbsurdUnit = 246;

/// Unit ids are no slots of a rack that another protocol may read.
constexpr const char* kBus = "Modbus";

std::string object(const Unit& unit, ObjectId id) {
  const auto found = unit.objects.find(static_cast<std::uint8_t>(id));
  return found == unit.objects.end() ? std::string() : std::string(trim(found->second));
}

/// contracts: vendor = 00, model = 05 else 01, product name = 04, firmware = 02.
Hardware hardware_of(const Unit& unit) {
  Hardware hardware;
  hardware.vendor = object(unit, ObjectId::vendor_name);
  hardware.model = object(unit, ObjectId::model_name);
  if (hardware.model.empty()) {
    hardware.model = object(unit, ObjectId::product_code);
  }
  hardware.product_name = object(unit, ObjectId::product_name);
  return hardware;
}

void add_detail(std::vector<Detail>& details, std::string name, std::string value) {
  if (!value.empty()) {
    details.push_back({std::move(name), std::move(value), Confidence::confirmed});
  }
}

/// What the platform has no field for.
std::vector<Detail> details_of(const Unit& unit) {
  std::vector<Detail> details;
  add_detail(details, "productCode", object(unit, ObjectId::product_code));
  add_detail(details, "vendorUrl", object(unit, ObjectId::vendor_url));
  add_detail(details, "userApplicationName", object(unit, ObjectId::user_application_name));
  if (unit.conformity_level != 0) {
    add_detail(details, "conformityLevel", fmt::format("{:02X}", unit.conformity_level));
  }
  if (unit.server_id) {
    add_detail(details, "serverId", unit.server_id->data);
    if (unit.server_id->run) {
      add_detail(details, "runIndicator", *unit.server_id->run ? "on" : "off");
    }
  }
  return details;
}

void describe_asset(const Unit& unit, Asset& asset) {
  asset.hardware = hardware_of(unit);
  asset.firmware_version = object(unit, ObjectId::major_minor_revision);
  asset.name = asset.hardware.model;
  asset.details = details_of(unit);
}

AddOn add_on_of(std::uint8_t id, const Unit& unit) {
  AddOn add_on;
  add_on.bus = kBus;
  add_on.unit_address = std::to_string(id);
  add_on.hardware = hardware_of(unit);
  add_on.name = add_on.hardware.model;
  add_on.firmware_version = object(unit, ObjectId::major_minor_revision);
  add_on.origin = Origin::observed;
  return add_on;
}

/// One target's conversation, and what came of it.
class Reading {
 public:
  Reading(link::Dialogue& dialogue, ProbeOptions options)
      : options_(std::move(options)),
        reader_(dialogue, options_.serial ? link::Wire::modbus_rtu : link::Wire::modbus_tcp) {
    found_.asset.origin = Origin::observed;
  }

  Task<void> read();
  bool learnt_something() const { return answered_; }
  Observation take();

 private:
  Task<Unit> read_own();
  Task<void> read_units();
  Task<bool> ignores_units();
  Task<void> read_unit(std::uint8_t id);
  void note(std::uint8_t id, const Unit& unit);
  std::vector<std::uint8_t> asked_units() const;

  ProbeOptions options_;
  UnitReader reader_;
  Observation found_;
  Unit own_;
  bool answered_ = false;
  std::vector<std::uint8_t> silent_;  ///< of the units that were named
};

/// "3", "1-4, 9": neighbours drawn together.
std::string units_text(std::span<const std::uint8_t> units) {
  const auto unit_text = [](std::uint32_t unit) { return std::to_string(unit); };
  std::string text;
  for (const Run& run : runs_of(units)) {
    text += (text.empty() ? "" : ", ") + run.text(unit_text);
  }
  return text;
}

/// Where it ended, and who was not asked because of that.
Error ended_at(std::uint8_t id, const Error& error, std::span<const std::uint8_t> rest) {
  auto text = fmt::format("unit {}: {}", id, error.message());
  if (!rest.empty()) {
    text += fmt::format("; unit {}: not asked", units_text(rest));
  }
  return {error.code(), std::move(text)};
}

Observation Reading::take() {
  if (!silent_.empty()) {
    found_.notes.push_back(fmt::format("unit {}: no answer", units_text(silent_)));
  }
  return std::move(found_);
}

void Reading::note(std::uint8_t id, const Unit& unit) {
  answered_ = answered_ || unit.state != Unit::State::silent;
  if (!unit.note.empty() && unit.state != Unit::State::absent) {
    found_.notes.push_back(fmt::format("unit {}: {}", id, unit.note));
  }
}

/// The device itself: unit 255, or, where nobody is there, the usual one.
Task<Unit> Reading::read_own() {
  auto own = co_await reader_.read(kOwnUnit, Subject::target);
  if (!own) {
    co_return own;
  }
  note(kOwnUnit, *own);
  if (own->answers() || own->broke || !options_.units.empty()) {
    co_return own;
  }
  auto usual = co_await reader_.read(kUsualUnit, Subject::target);
  if (usual && usual->answers()) {
    note(kUsualUnit, *usual);
    add_detail(found_.asset.details, "unitId", std::to_string(kUsualUnit));
  }
  co_return usual;
}

std::vector<std::uint8_t> Reading::asked_units() const {
  constexpr std::uint8_t kLastServer = 247;
  std::vector<std::uint8_t> units = options_.units;
  if (options_.serial) {
    std::erase_if(units, [](std::uint8_t id) { return id == 0 || id > kLastServer; });
  } else {
    std::erase(units, kOwnUnit);
  }
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  if (options_.units.empty() && options_.serial) {
    units.push_back(kUsualUnit);
  }
  return units;
}

/// Whether the device answers for a unit id that is not there as it does for itself.
Task<bool> Reading::ignores_units() {
  if (!own_.answers()) {
    co_return false;
  }
  auto absurd = co_await reader_.read(kAbsurdUnit, Subject::part);
  if (!absurd) {
    co_return fail(std::move(absurd).error());
  }
  co_return absurd->answers() && absurd->says_the_same(own_);
}

Task<void> Reading::read_unit(std::uint8_t id) {
  found_.asked->push_back(std::to_string(id));
  auto unit = co_await reader_.read(id, Subject::part);
  if (!unit) {
    co_return fail(std::move(unit).error());
  }
  note(id, *unit);
  if (unit->state == Unit::State::silent) {
    silent_.push_back(id);
  }
  auto broke = std::move(unit->broke);
  const bool is_itself = own_.state == Unit::State::identified && unit->says_the_same(own_);
  if (unit->answers() && !is_itself) {
    found_.asset.add_ons.push_back(add_on_of(id, *unit));
  }
  if (broke) {
    co_return fail(std::move(*broke));
  }
  co_return Result<void>{};
}

Task<void> Reading::read_units() {
  const auto units = asked_units();
  found_.asked.emplace();
  if (units.empty()) {
    co_return Result<void>{};
  }
  if (!options_.serial) {
    auto ignores = co_await ignores_units();
    if (!ignores) {
      co_return fail(ended_at(kAbsurdUnit, ignores.error(), units));
    }
    if (*ignores) {
      found_.notes.emplace_back("answers for every unit id alike: it is one device");
      found_.asked.reset();
      co_return Result<void>{};
    }
  }
  for (std::size_t i = 0; i < units.size(); ++i) {
    auto read = co_await read_unit(units[i]);
    if (!read) {
      const auto rest = std::span(units).subspan(i + 1);
      co_return fail(ended_at(units[i], read.error(), rest));
    }
  }
  co_return Result<void>{};
}

Task<void> Reading::read() {
  if (!options_.serial) {
    auto own = co_await read_own();
    if (!own) {
      co_return fail(std::move(own).error());
    }
    own_ = std::move(*own);
    std::vector<Detail> earlier = std::move(found_.asset.details);
    describe_asset(own_, found_.asset);
    found_.asset.details.insert(found_.asset.details.end(), earlier.begin(), earlier.end());
    if (own_.broke) {
      const auto rest = asked_units();
      co_return fail(rest.empty() ? *own_.broke : ended_at(kOwnUnit, *own_.broke, rest));
    }
  }
  auto units = co_await read_units();
  co_return units;
}

Task<Observation> run(link::Dialogue& dialogue, ProbeOptions options) {
  Reading reading(dialogue, std::move(options));
  auto read = co_await reading.read();
  co_await dialogue.close();
  if (!reading.learnt_something()) {
    if (!read) {
      co_return fail(std::move(read).error());
    }
    co_return fail(Errc::silent, "the port is open, but no request was answered");
  }
  auto found = reading.take();
  if (!read) {
    found.incomplete = std::move(read).error();
  }
  co_return found;
}

std::vector<PlannedRequest> plan(const ProbeOptions& options) {
  const auto units = static_cast<std::uint32_t>(options.units.size());
  constexpr std::string_view kIdentification = "2B/0E Read Device Identification, a page each";
  constexpr std::string_view kServerId = "11 Report Server ID, where 2B/0E says nothing";
  // Seldom are there more than two; and one more where the first code is refused.
  constexpr std::uint32_t kPages = kMostPages + 1;
  if (options.serial) {
    const auto asked = std::max(units, 1u);
    return {{"serial", kIdentification, asked * kPages}, {"serial", kServerId, asked}};
  }
  // Unit 255, then the usual one, or the absurd one and those that were named.
  const auto asked = 2 + units;
  return {{"tcp", kIdentification, asked * kPages}, {"tcp", kServerId, asked}};
}

constexpr std::uint16_t kPort = 502;

}  // namespace

extern const Probe module;
const Probe module{.name = "modbus",
                   .title = "Modbus (TCP and serial RTU)",
                   .port = kPort,
                   .speaks_serial = true,
                   .run = run,
                   .plan = plan};

}  // namespace ot::protocols::modbus
