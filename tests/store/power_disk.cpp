#include "tests/store/power_disk.hpp"

#include <algorithm>

namespace ot::store::test {
namespace {

using Kind = DiskEvent::Kind;

constexpr std::size_t kSmallSector = 512;
constexpr std::size_t kSector = 4096;

std::size_t below(std::size_t count, std::mt19937_64& chance) {
  return static_cast<std::size_t>(chance() % count);
}

bool coin(std::mt19937_64& chance) {
  return (chance() & 1) != 0;
}

std::string garbage(std::size_t size, std::mt19937_64& chance) {
  std::string bytes(size, '\0');
  std::generate(bytes.begin(), bytes.end(), [&chance] { return static_cast<char>(chance()); });
  return bytes;
}

/// What lies between grows as zeros.
void put(std::string& file, std::size_t at, std::string_view bytes) {
  file.resize(std::max(file.size(), at + bytes.size()), '\0');
  std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

void apply(const DiskEvent& event, std::string& file) {
  if (event.kind == Kind::truncate) {
    file.resize(event.at, '\0');
  } else {
    put(file, event.at, event.bytes);
  }
}

/// The write's bytes in one sector.
std::string_view part_in(const DiskEvent& event, std::size_t begin, std::size_t end) {
  const auto from = std::max(event.at, begin);
  const auto to = std::min(event.at + event.bytes.size(), end);
  return std::string_view(event.bytes).substr(from - event.at, to - from);
}

void apply_sectors(const DiskEvent& event, std::string& file, std::mt19937_64& chance) {
  if (event.kind == Kind::truncate) {
    if (coin(chance)) {
      apply(event, file);
    }
    return;
  }
  const auto end = event.at + event.bytes.size();
  for (auto begin = event.at / kSmallSector * kSmallSector; begin < end; begin += kSmallSector) {
    if (coin(chance)) {
      const auto at = std::max(event.at, begin);
      put(file, at, part_in(event, begin, begin + kSmallSector));
    }
  }
}

/// A boundary of sectors within the write, or one of its ends.
std::size_t boundary_in(const DiskEvent& event, std::mt19937_64& chance) {
  const auto sector = coin(chance) ? kSmallSector : kSector;
  const auto end = event.at + event.bytes.size();
  const auto somewhere = event.at + below(event.bytes.size() + 1, chance);
  return std::clamp(somewhere / sector * sector, event.at, end);
}

void apply_torn(const DiskEvent& event, std::string& file, Cut kind, std::mt19937_64& chance) {
  if (event.kind == Kind::truncate) {
    return;
  }
  const auto end = event.at + event.bytes.size();
  auto boundary = boundary_in(event, chance);
  if (kind == Cut::sector_lost) {
    boundary = boundary / kSector * kSector;
  }
  if (boundary > event.at) {
    put(file, event.at, part_in(event, event.at, boundary));
  }
  if (kind == Cut::torn_garbage) {
    put(file, boundary, garbage(end - boundary, chance));
  } else if (kind == Cut::sector_lost) {
    // The file itself may end in the sector.
    const auto last = std::min(boundary + kSector, std::max(file.size(), end));
    put(file, boundary, garbage(last - boundary, chance));
  }
}

bool is_kept(Cut kind, std::size_t number, std::size_t which, std::mt19937_64& chance) {
  switch (kind) {
    case Cut::none_kept: return false;
    case Cut::one_lost: return number != which;
    case Cut::one_kept: return number == which;
    case Cut::some_kept: return coin(chance);
    default: return true;
  }
}

void name(const DiskEvent& event, std::map<std::string, int>& folder) {
  if (event.kind == Kind::create) {
    folder[event.name] = event.file;
  } else {
    folder.erase(event.name);
  }
}

}  // namespace

void PowerDisk::take(const DiskEvent& event) {
  const auto is_of_file = [&event](const DiskEvent* other) { return other->file == event.file; };
  switch (event.kind) {
    case Kind::there:
      synced_[event.file] = event.bytes;
      folder_[event.name] = event.file;
      break;
    case Kind::create:
    case Kind::erase: names_.push_back(&event); break;
    case Kind::write:
    case Kind::truncate: writes_.push_back(&event); break;
    case Kind::sync:
      for (const auto* write : writes_) {
        if (is_of_file(write)) {
          apply(*write, synced_[event.file]);
        }
      }
      std::erase_if(writes_, is_of_file);
      break;
    case Kind::sync_folder:
      for (const auto* change : names_) {
        name(*change, folder_);
      }
      names_.clear();
      // Nobody finds a file again that has no name.
      std::erase_if(writes_, [this](const DiskEvent* write) {
        return std::none_of(folder_.begin(), folder_.end(),
                            [write](const auto& named) { return named.second == write->file; });
      });
      break;
  }
}

Image PowerDisk::cut(Cut kind, std::mt19937_64& chance, std::size_t which, bool lose_names) const {
  auto contents = synced_;
  for (std::size_t number = 0; number < writes_.size(); ++number) {
    const auto& write = *writes_[number];
    auto& file = contents[write.file];
    const bool is_last = number + 1 == writes_.size();
    if (kind == Cut::sectors_kept) {
      apply_sectors(write, file, chance);
    } else if (is_last && kind >= Cut::torn) {
      apply_torn(write, file, kind, chance);
    } else if (is_kept(kind, number, which, chance)) {
      apply(write, file);
    }
  }
  auto folder = folder_;
  for (const auto* change : names_) {
    const bool kept = !lose_names || (kind == Cut::some_kept && coin(chance));
    if (kept) {
      name(*change, folder);
    }
  }
  Image image;
  for (const auto& [path, number] : folder) {
    image[path] = contents[number];
  }
  return image;
}

}  // namespace ot::store::test
