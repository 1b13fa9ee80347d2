#include "agent/station_tree.hpp"

#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "agent/place.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

using Cells = std::vector<std::string>;

/// A place and what sits there, if anything is known of it.
struct Branch {
  bool taken = false;
  Cells cells;
  std::map<Step, Branch> below;
};

Branch& at(Branch& root, const Place& place) {
  auto* branch = &root;
  for (const auto& step : place) {
    branch = &branch->below[step];
  }
  return *branch;
}

void take(Branch& branch, Cells cells) {
  branch.taken = true;
  branch.cells = std::move(cells);
}

/// A CPU is told by its own asset and by its neighbour's list of modules: the
/// same module twice is shown once. Two different ones in a place are both shown.
void put(Branch& root, Place place, const Cells& cells) {
  constexpr std::size_t kOrderNumber = 1;
  for (auto* branch = &at(root, place);; branch = &at(root, place)) {
    if (!branch->taken) {
      return take(*branch, cells);
    }
    if (branch->cells[kOrderNumber] == cells[kOrderNumber]) {
      return;
    }
    ++place.back().copy;
  }
}

/// What the model adds to a name that often is the same.
std::string model_beside(const std::string& name, const Hardware& hardware) {
  const auto& model = hardware.model.empty() ? hardware.product_name : hardware.model;
  return equals_ignoring_case(model, name) ? std::string() : model;
}

std::string first_of(std::initializer_list<std::string_view> texts) {
  for (const auto text : texts) {
    if (!text.empty()) {
      return std::string(text);
    }
  }
  return {};
}

std::string serial_text(const std::string& serial) {
  return serial.empty() ? "" : "S/N " + serial;
}

Cells module_cells(const AddOn& module) {
  const auto& hardware = module.hardware;
  const auto name = first_of({module.name, hardware.product_name, hardware.model, module.type_id});
  return {name, module.order_id, module.firmware_version, model_beside(name, hardware),
          serial_text(module.serial_number)};
}

Cells asset_cells(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  const auto name = first_of({record.name, record.hardware.product_name, record.hardware.model});
  auto note = fmt::format("asset {}", asset.asset_id);
  if (!record.serial_number.empty()) {
    note += ", " + serial_text(record.serial_number);
  }
  return {name, record.order_id, record.firmware_version, model_beside(name, record.hardware),
          note};
}

/// Devices without a rack or bus stand side by side unless there is but one:
/// then it is the root.
class Station {
 public:
  explicit Station(std::span<const store::StoredAsset> assets) : assets_(assets) {
    for (const auto& asset : assets) {
      lone_ += place_of(asset.shown.record).empty() ? 1 : 0;
    }
  }

  TreeNode tree() {
    for (const auto& asset : assets_) {
      add_asset(asset);
    }
    for (const auto& asset : assets_) {
      add_modules(asset);
    }
    return {root_cells(), nodes_below(root_)};
  }

 private:
  /// In front of the places of an asset that stands beside others.
  Place base(const store::StoredAsset& asset) const {
    if (lone_ < 2 || !place_of(asset.shown.record).empty()) {
      return {};
    }
    return {Step{Step::Kind::member, static_cast<std::uint64_t>(asset.asset_id), "device"}};
  }

  static Place joined(Place front, const Place& back) {
    front.insert(front.end(), back.begin(), back.end());
    return front;
  }

  void add_asset(const store::StoredAsset& asset) {
    const auto& record = asset.shown.record;
    take(at(root_, joined(base(asset), place_of(record))), asset_cells(asset));
    for (const auto& rack : record.racks) {
      const Place place = {Step{Step::Kind::rack, rack.number, {}}};
      take(at(root_, joined(base(asset), place)), {rack.name, rack.order_id});
    }
  }

  void add_modules(const store::StoredAsset& asset) {
    const auto& record = asset.shown.record;
    // The newest id comes first; the tree keeps the order of the places.
    for (const auto& add_on : asset.shown.add_ons) {
      put(root_, joined(base(asset), place_of(add_on.record, record)), module_cells(add_on.record));
    }
    for (const auto& interface : record.interfaces) {
      if (const auto text = address_text(interface); !text.empty()) {
        put(root_, joined(base(asset), place_of(interface, record)), {"", text});
      }
    }
  }

  Cells root_cells() const {
    const auto& first = assets_.front();
    const auto& record = first.shown.record;
    const auto file_name = std::filesystem::path(first.shown.path).stem().string();
    Cells cells = {first_of({record.station, record.name, file_name, record.hardware.product_name,
                             record.hardware.model})};
    if (root_.taken) {
      const bool same_name = cells.front() == root_.cells.front();
      cells.insert(cells.end(), root_.cells.begin() + (same_name ? 1 : 0), root_.cells.end());
    }
    if (!first.site.empty() || !first.area.empty()) {
      cells.push_back("(" + first.site + (first.area.empty() ? "" : " / " + first.area) + ")");
    }
    return cells;
  }

  /// Addresses are long: in one cell they do not push the columns of modules apart.
  static Cells cells_of(const Step& step, const Branch& branch) {
    if (step.kind == Step::Kind::interface) {
      return {step.label() + "  " + branch.cells.back()};
    }
    Cells cells = {step.label()};
    cells.insert(cells.end(), branch.cells.begin(), branch.cells.end());
    return cells;
  }

  static std::vector<TreeNode> nodes_below(const Branch& branch) {
    std::vector<TreeNode> nodes;
    for (const auto& [step, child] : branch.below) {
      nodes.push_back({cells_of(step, child), nodes_below(child)});
    }
    return nodes;
  }

  std::span<const store::StoredAsset> assets_;
  Branch root_;
  int lone_ = 0;
};

void append_part(std::string& text, std::string_view label, std::string_view value) {
  if (!value.empty()) {
    text += text.empty() ? "" : ", ";
    text += label;
    text += value;
  }
}

}  // namespace

TreeNode station_tree(std::span<const store::StoredAsset> assets) {
  return assets.empty() ? TreeNode{} : Station(assets).tree();
}

std::string address_text(const Interface& interface) {
  const auto number = [](const auto& value) { return value ? std::to_string(*value) : ""; };
  std::string text;
  append_part(text, "", interface.address);
  append_part(text, "mask ", interface.subnet_mask);
  append_part(text, "gateway ", interface.gateway);
  append_part(text, "MAC ", interface.mac_address);
  append_part(text, "PROFIBUS address ", number(interface.profibus_address));
  append_part(text, "MPI address ", number(interface.mpi_address));
  append_part(text, "device name ", interface.device_name);
  append_part(text, "network ", interface.network);
  return text;
}

}  // namespace ot::agent
