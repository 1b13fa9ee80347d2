#include "store/compose.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/text.hpp"

namespace ot::store {
namespace {

/// Who may add to what is known of a thing already.
enum class Adds {
  same_model,  ///< who names the same model
  no_other,    ///< who does not name another one
};

bool same(std::string_view a, std::string_view b) {
  return !a.empty() && equals_ignoring_case(a, b);
}
bool differ(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && !equals_ignoring_case(a, b);
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

/// Some devices give their order number as their model.
template <class Record>
bool same_model(const Record& a, const Record& b) {
  return same(a.hardware.model, b.hardware.model) ||
         same(without_blanks(a.hardware.model), without_blanks(b.order_id)) ||
         same(without_blanks(a.order_id), without_blanks(b.hardware.model));
}

/// "Siemens" and "Siemens AG" are one; "Omron" and "Siemens" are not.
bool other_vendor(std::string_view a, std::string_view b) {
  const auto shorter = std::min(a.size(), b.size());
  return differ(a.substr(0, shorter), b.substr(0, shorter));
}

template <class Record>
bool is_another(const Record& a, const Record& b) {
  if (differ(a.serial_number, b.serial_number) ||
      differ(without_blanks(a.order_id), without_blanks(b.order_id))) {
    return true;
  }
  const bool models = !a.hardware.model.empty() && !b.hardware.model.empty();
  return models ? !same_model(a, b) : other_vendor(a.hardware.vendor, b.hardware.vendor);
}

void fill(std::string& value, const std::string& from) {
  if (value.empty()) {
    value = from;
  }
}
template <class Number>
void fill(std::optional<Number>& value, const std::optional<Number>& from) {
  if (!value) {
    value = from;
  }
}

/// What tells the thing itself, apart from its place and its name.
template <class Record>
void fill_block(Record& record, const Record& from) {
  fill(record.hardware.vendor, from.hardware.vendor);
  fill(record.hardware.model, from.hardware.model);
  fill(record.hardware.product_name, from.hardware.product_name);
  if (record.hardware.category == Category::unknown) {
    record.hardware.category = from.hardware.category;
  }
  fill(record.order_id, from.order_id);
  fill(record.serial_number, from.serial_number);
  fill(record.firmware_version, from.firmware_version);
  fill(record.type_id, from.type_id);
}

template <class Record>
void take_block(Record& record, const Record& from) {
  record.hardware = from.hardware;
  record.order_id = from.order_id;
  record.serial_number = from.serial_number;
  record.firmware_version = from.firmware_version;
  record.type_id = from.type_id;
  record.confidence = from.confidence;
}

template <class Record>
void add_block(Record& record, const Record& from, Adds adds) {
  const bool may_add = adds == Adds::same_model ? same_model(record, from) : true;
  if (adds == Adds::same_model && record.hardware.model.empty() && !from.hardware.model.empty()) {
    take_block(record, from);
  } else if (may_add && !is_another(record, from)) {
    fill_block(record, from);
  }
}

void fill_interface(Interface& item, const Interface& from) {
  for (const auto field :
       {&Interface::name, &Interface::address, &Interface::subnet_mask, &Interface::gateway,
        &Interface::mac_address, &Interface::network, &Interface::device_name}) {
    fill(item.*field, from.*field);
  }
  for (const auto field : {&Interface::profibus_address, &Interface::mpi_address, &Interface::slot,
                           &Interface::subslot}) {
    fill(item.*field, from.*field);
  }
}

void add_interfaces(std::vector<Interface>& interfaces, const std::vector<Interface>& more) {
  for (const Interface& item : more) {
    const auto found =
        std::find_if(interfaces.begin(), interfaces.end(), [&item](const Interface& known) {
          const bool mac = same(known.mac_address, item.mac_address);
          return same(known.address, item.address) || (mac && !differ(known.address, item.address));
        });
    if (found != interfaces.end()) {
      fill_interface(*found, item);
    } else if (item != Interface{}) {
      interfaces.push_back(item);
    }
  }
}

void add_details(std::vector<Detail>& details, const std::vector<Detail>& more) {
  const std::size_t stated = details.size();
  for (const Detail& item : more) {
    const auto last = details.begin() + static_cast<std::ptrdiff_t>(stated);
    const bool known = std::any_of(
        details.begin(), last, [&item](const Detail& detail) { return detail.name == item.name; });
    if (!known) {
      details.push_back(item);
    }
  }
}

void add_head(Asset& record, const Asset& from, Adds adds) {
  // Of another model they would be another thing's: a CPU has no product code of its port.
  const bool adds_details =
      adds == Adds::no_other || record.hardware.model.empty() || same_model(record, from);
  add_block(record, from, adds);
  for (const auto field : {&Asset::name, &Asset::station, &Asset::project_asset_id, &Asset::bus}) {
    fill(record.*field, from.*field);
  }
  for (const auto field : {&Asset::device_number, &Asset::rack, &Asset::slot}) {
    fill(record.*field, from.*field);
  }
  add_interfaces(record.interfaces, from.interfaces);
  if (record.racks.empty()) {
    record.racks = from.racks;
  }
  if (adds_details) {
    add_details(record.details, from.details);
  }
}

void add_module(AddOn& record, const AddOn& from, Adds adds) {
  add_block(record, from, adds);
  fill(record.name, from.name);
  fill(record.io_addresses, from.io_addresses);
}

void add_view(View& view, const View& from, Adds adds) {
  add_head(view.record, from.record, adds);
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < view.add_ons.size(); ++i) {
    places.emplace(view.add_ons[i].place(), i);
  }
  for (const PlacedAddOn& add_on : from.add_ons) {
    const auto found = places.find(add_on.place());
    if (found == places.end()) {
      view.add_ons.push_back(add_on);
    } else {
      add_module(view.add_ons[found->second].record, add_on.record, adds);
    }
  }
}

/// An Ethernet unit speaks of itself, not of the CPU that it is plugged to: its
/// serial number is that of the only add-on of its model.
void give_serial(View& view, const Asset& unit) {
  if (unit.serial_number.empty() || same_model(view.record, unit)) {
    return;
  }
  AddOn* match = nullptr;
  for (PlacedAddOn& add_on : view.add_ons) {
    if (!same(add_on.record.hardware.model, unit.hardware.model)) {
      continue;
    }
    if (match != nullptr) {
      return;
    }
    match = &add_on.record;
  }
  if (match != nullptr) {
    fill(match->serial_number, unit.serial_number);
  }
}

using Speakers = std::set<std::string, std::less<>>;
constexpr std::string_view kFiles = "files";

bool all_in(const Speakers& speakers, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(),
                     [&speakers](const auto& name) { return speakers.contains(name); });
}

/// Who said all there is after this was said.
Speakers taken_back_from(const Word& word, const std::vector<Word>& words) {
  Speakers speakers;
  for (const Word& later : words) {
    if ((later.walk || word.walk) && later.since > word.at) {
      speakers.insert(later.whole.begin(), later.whole.end());
    }
  }
  return speakers;
}

View without_taken(Word word, const Speakers& taken) {
  View view = std::move(word.view);
  const bool observed = all_in(taken, word.named);
  const bool configured = taken.contains(kFiles);
  std::erase_if(view.add_ons, [observed, configured](const PlacedAddOn& add_on) {
    return add_on.record.origin == Origin::observed ? observed : configured;
  });
  return view;
}

}  // namespace

View compose(const std::vector<View>& observed, const std::optional<View>& configured) {
  View view;
  for (const View& source : observed) {
    if (&source == &observed.front()) {
      view = source;
    } else {
      add_view(view, source, Adds::same_model);
    }
  }
  for (const View& source : observed) {
    give_serial(view, source.record);
  }
  if (configured) {
    add_view(view, *configured, Adds::no_other);
  }
  return view;
}

std::vector<View> still_holding(std::vector<Word> words) {
  std::vector<View> views;
  for (Word& word : words) {
    const auto taken = taken_back_from(word, words);
    if (taken.empty()) {
      views.push_back(std::move(word.view));
    } else if (!all_in(taken, word.says)) {
      views.push_back(without_taken(std::move(word), taken));
    }
  }
  return views;
}

View keep_unmentioned(View now, const View& before) {
  add_view(now, before, Adds::no_other);
  // In the order of before: else the same facts would not look the same.
  const auto& known = before.record.details;
  const auto rank = [&known](const Detail& detail) {
    return std::find_if(known.begin(), known.end(),
                        [&detail](const Detail& item) { return item.name == detail.name; });
  };
  std::stable_sort(now.record.details.begin(), now.record.details.end(),
                   [&rank](const Detail& a, const Detail& b) { return rank(a) < rank(b); });
  return now;
}

}  // namespace ot::store
