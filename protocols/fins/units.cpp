#include "protocols/fins/units.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace ot::protocols::fins {
namespace {

/// Whether the model fits: '#' is any digit, a '*' at the end anything or nothing.
/// CS1 and CJ1 CPUs write "CS1G_CPU44H" for what is printed CS1G-CPU44H.
bool fits(std::string_view pattern, std::string_view model) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      return true;
    }
    if (i == model.size()) {
      return false;
    }
    const bool is_digit = model[i] >= '0' && model[i] <= '9';
    const char letter = model[i] == '_' ? '-' : model[i];
    if (pattern[i] == '#' ? !is_digit : pattern[i] != letter) {
      return false;
    }
  }
  return pattern.size() == model.size();
}

/// CPUs, whose product name begins with their series: "CJ2M CPU Unit".
constexpr std::array<std::string_view, 29> kCpus = {
    "CJ1G-CPU##*",   "CJ1H-CPU##*",  "CJ1M-CPU##*",   "CJ2H-CPU##*",   "CJ2M-CPU##*",
    "CS1D-CPU##*",   "CS1G-CPU##*",  "CS1H-CPU##*",   "CP1E-*",        "CP1H-*",
    "CP1L-*",        "CP2E-*",       "C200HE-CPU##*", "C200HG-CPU##*", "C200HS-CPU##*",
    "C200HX-CPU##*", "CV500-CPU##*", "CV1000-CPU##*", "CV2000-CPU##*", "CVM1-CPU##*",
    "NJ101-####*",   "NJ301-####*",  "NJ501-####*",   "NX1P2-####*",   "NX102-####*",
    "NX502-####*",   "NX701-####*",  "NY512-*",       "NY532-*",
};

enum class Series : std::uint8_t { cj1, cs1, both, c200h, nx, other };

struct Unit {
  Series series;
  std::string_view pattern;  ///< of what follows the series' prefix
  std::string_view name;
  Category category;
};

constexpr auto kCommunication = Category::communication;
constexpr auto kIo = Category::io;
constexpr auto kFunction = Category::function;
constexpr auto kPower = Category::power_supply;

/// Communications units; the names are those of OMRON's manuals.
constexpr std::array kCommunicationUnits = {
    Unit{Series::other, "CJ2M-EIP21", "EtherNet/IP Unit", kCommunication},
    Unit{Series::other, "CJ2B-EIP21", "EtherNet/IP Unit", kCommunication},
    Unit{Series::other, "CP1W-CIF41", "Ethernet Option Board", kCommunication},
    Unit{Series::both, "ETN##", "Ethernet Unit", kCommunication},
    Unit{Series::both, "EIP21*", "EtherNet/IP Unit", kCommunication},
    Unit{Series::both, "CLK##*", "Controller Link Unit", kCommunication},
    Unit{Series::both, "SCU##*", "Serial Communications Unit", kCommunication},
    Unit{Series::cs1, "SCB##*", "Serial Communications Board", kCommunication},
    Unit{Series::both, "DRM21*", "DeviceNet Unit", kCommunication},
    Unit{Series::both, "CRM21*", "CompoNet Master Unit", kCommunication},
    Unit{Series::both, "SRM21*", "CompoBus/S Master Unit", kCommunication},
    Unit{Series::both, "PRM21*", "PROFIBUS-DP Master Unit", kCommunication},
    Unit{Series::cj1, "PRT21", "PROFIBUS-DP Slave Unit", kCommunication},
    Unit{Series::cj1, "PNT21", "PROFINET IO Controller Unit", kCommunication},
    Unit{Series::cj1, "ECT21", "EtherCAT Slave Unit", kCommunication},
    Unit{Series::both, "FLN##", "FL-net Unit", kCommunication},
    Unit{Series::both, "CORT21", "User Defined CAN Unit", kCommunication},
    Unit{Series::cs1, "SLK##", "SYSMAC LINK Unit", kCommunication},
    Unit{Series::c200h, "CLK##*", "Controller Link Unit", kCommunication},
    Unit{Series::c200h, "DRM21*", "DeviceNet Unit", kCommunication},
    Unit{Series::c200h, "SRM21*", "CompoBus/S Master Unit", kCommunication},
    Unit{Series::c200h, "PRM21*", "PROFIBUS-DP Master Unit", kCommunication},
    Unit{Series::nx, "CIF###", "Communications Interface Unit", kCommunication},
    Unit{Series::nx, "EIP###", "EtherNet/IP Unit", kCommunication},
    Unit{Series::nx, "ILM###", "IO-Link Master Unit", kCommunication},
};

constexpr std::array kIoUnits = {
    Unit{Series::other, "CJ2M-MD21#", "CJ2M Pulse I/O Module", kIo},
    Unit{Series::both, "AD0*", "Analog I/O Unit", kIo},
    Unit{Series::both, "AD1##*", "Analog I/O Unit", kIo},
    Unit{Series::both, "DA0*", "Analog I/O Unit", kIo},
    Unit{Series::both, "MAD##*", "Analog I/O Unit", kIo},
    Unit{Series::both, "PDC##*", "Process Analog I/O Unit", kIo},
    Unit{Series::both, "PTS##*", "Process Analog I/O Unit", kIo},
    Unit{Series::cj1, "PH41U", "Process Analog I/O Unit", kIo},
    Unit{Series::cs1, "PMV##*", "Process Analog I/O Unit", kIo},
    Unit{Series::cs1, "PPS##*", "Process Analog I/O Unit", kIo},
    Unit{Series::cs1, "PTR##*", "Process Analog I/O Unit", kIo},
    Unit{Series::cs1, "PTW##*", "Process Analog I/O Unit", kIo},
    Unit{Series::both, "ID2##*", "Input Unit", kIo},
    Unit{Series::both, "IA###*", "Input Unit", kIo},
    Unit{Series::cj1, "IDP##*", "Quick-response Input Unit", kIo},
    Unit{Series::both, "INT01", "Interrupt Input Unit", kIo},
    Unit{Series::both, "OA2##*", "Output Unit", kIo},
    Unit{Series::both, "OC2##*", "Output Unit", kIo},
    Unit{Series::both, "OD2##*", "Output Unit", kIo},
    Unit{Series::both, "MD###*", "Mixed I/O Unit", kIo},
    Unit{Series::cj1, "B7A##*", "B7A Interface Unit", kIo},
    Unit{Series::c200h, "AD00#*", "Analog I/O Unit", kIo},
    Unit{Series::c200h, "DA00#*", "Analog I/O Unit", kIo},
    Unit{Series::c200h, "MAD01*", "Analog I/O Unit", kIo},
    Unit{Series::c200h, "TS###*", "Temperature Sensor Unit", kIo},
    Unit{Series::nx, "AD####*", "Analog Input Unit", kIo},
    Unit{Series::nx, "DA####*", "Analog Output Unit", kIo},
    Unit{Series::nx, "HAD###", "High-speed Analog Input Unit", kIo},
    Unit{Series::nx, "TS####*", "Temperature Input Unit", kIo},
    Unit{Series::nx, "RS####*", "Load Cell Input Unit", kIo},
    Unit{Series::nx, "IA####*", "Digital Input Unit", kIo},
    Unit{Series::nx, "ID####*", "Digital Input Unit", kIo},
    Unit{Series::nx, "OC####*", "Digital Output Unit", kIo},
    Unit{Series::nx, "OD####*", "Digital Output Unit", kIo},
    Unit{Series::nx, "MD####*", "Digital Mixed I/O Unit", kIo},
    Unit{Series::nx, "SI*", "Safety Input Unit", kIo},
    Unit{Series::nx, "SO*", "Safety Output Unit", kIo},
};

constexpr std::array kOtherUnits = {
    Unit{Series::cj1, "TC###", "Temperature Control Unit", kFunction},
    Unit{Series::both, "CT0##*", "High-speed Counter Unit", kFunction},
    Unit{Series::cs1, "HCA##*", "Customizable Counter Unit", kFunction},
    Unit{Series::cs1, "HCP##*", "Customizable Counter Unit", kFunction},
    Unit{Series::cs1, "HIO##*", "Customizable Counter Unit", kFunction},
    Unit{Series::both, "NC###*", "Position Control Unit", kFunction},
    Unit{Series::both, "NCF71*", "Position Control Unit", kFunction},
    Unit{Series::both, "MCH7#*", "Motion Control Unit", kFunction},
    Unit{Series::cs1, "MC#21*", "Motion Control Unit", kFunction},
    Unit{Series::both, "V600C1#*", "ID Sensor Unit", kFunction},
    Unit{Series::both, "V680C1#*", "ID Sensor Unit", kFunction},
    Unit{Series::both, "SPU0#*", "High-speed Storage and Processing Unit", kFunction},
    Unit{Series::cs1, "LC001*", "Loop Control Unit", kFunction},
    Unit{Series::both, "LCB##*", "Loop Control Board", kFunction},
    Unit{Series::both, "IC10#", "I/O Control Unit", Category::interface},
    Unit{Series::both, "II10#", "I/O Interface Unit", Category::interface},
    Unit{Series::cj1, "PA2##*", "Power Supply Unit", kPower},
    Unit{Series::cj1, "PD02#*", "Power Supply Unit", kPower},
    Unit{Series::other, "CS1D-PA2##*", "CS1D Power Supply Unit", kPower},
    Unit{Series::other, "CS1D-PD02#*", "CS1D Power Supply Unit", kPower},
    Unit{Series::c200h, "CP114*", "Cam Positioner Unit", kFunction},
    Unit{Series::c200h, "CT0##*", "High-speed Counter Unit", kFunction},
    Unit{Series::c200h, "IDS##*", "ID Sensor Unit", kFunction},
    Unit{Series::c200h, "MC221*", "Motion Control Unit", kFunction},
    Unit{Series::c200h, "NC###*", "Position Control Unit", kFunction},
    Unit{Series::c200h, "PID0#*", "PID Control Unit", kFunction},
    Unit{Series::c200h, "TC###*", "Temperature Control Unit", kFunction},
    Unit{Series::c200h, "TV###*", "Heat/Cool Temperature Control Unit", kFunction},
    Unit{Series::c200h, "PA2##*", "Power Supply Unit", kPower},
    Unit{Series::nx, "TC####*", "Temperature Control Unit", kFunction},
    Unit{Series::nx, "HB####*", "Heater Burnout Detection Unit", kFunction},
    Unit{Series::nx, "EC0###*", "Incremental Encoder Input Unit", kFunction},
    Unit{Series::nx, "ECS###*", "SSI Input Unit", kFunction},
    Unit{Series::nx, "PG0###*", "Pulse Output Unit", kFunction},
    Unit{Series::nx, "ECC###", "EtherCAT Coupler Unit", Category::interface},
    Unit{Series::nx, "EIC###", "EtherNet/IP Coupler Unit", Category::interface},
    Unit{Series::nx, "PA####", "Power Supply Unit", kPower},
    Unit{Series::nx, "PD####", "Power Supply Unit", kPower},
    Unit{Series::nx, "PF####", "Power Supply Unit", kPower},
    Unit{Series::other, "NJ-PA3###", "NJ Series Power Supply Unit", kPower},
    Unit{Series::other, "NJ-PD3###", "NJ Series Power Supply Unit", kPower},
};

/// Controllers that guard people.
constexpr std::array kSafetyControllers = {
    Unit{Series::nx, "SL####*", "Safety CPU Unit", Category::plc},
    Unit{Series::nx, "CSG###", "Communication Control Unit", Category::plc},
    Unit{Series::other, "G9SP-*", "G9SP Safety Controller", Category::plc},
    Unit{Series::other, "NE0A-*", "NE0A Safety Network Controller", Category::plc},
    Unit{Series::other, "NE1A-*", "NE1A Safety Network Controller", Category::plc},
};

struct Prefix {
  Series series;
  std::string_view text;
  std::string_view name;
};
constexpr std::array kPrefixes = {
    Prefix{Series::cj1, "CJ1W-", "CJ1 Series "},
    Prefix{Series::cs1, "CS1W-", "CS1 Series "},
    Prefix{Series::c200h, "C200H-", "C200H Series "},
    Prefix{Series::c200h, "C200HW-", "C200H Series "},
    Prefix{Series::nx, "NX-", "NX Series "},
};
constexpr Prefix kWholeModel{Series::other, "", ""};

const Prefix& prefix_of(std::string_view model) {
  const auto* const found = std::find_if(kPrefixes.begin(), kPrefixes.end(),
                                         [model](auto& it) { return model.starts_with(it.text); });
  return found == kPrefixes.end() ? kWholeModel : *found;
}

bool is_of(Series series, Series model) {
  return series == model ||
         (series == Series::both && (model == Series::cj1 || model == Series::cs1));
}

template <std::size_t Count>
const Unit* find(const std::array<Unit, Count>& units, std::string_view model) {
  const auto& prefix = prefix_of(model);
  const auto rest = model.substr(prefix.text.size());
  const auto* const found = std::find_if(units.begin(), units.end(), [&](const Unit& it) {
    return is_of(it.series, prefix.series) && fits(it.pattern, rest);
  });
  return found == units.end() ? nullptr : found;
}

const Unit* find(std::string_view model) {
  for (const Unit* unit : {find(kCommunicationUnits, model), find(kIoUnits, model),
                           find(kOtherUnits, model), find(kSafetyControllers, model)}) {
    if (unit != nullptr) {
      return unit;
    }
  }
  return nullptr;
}

}  // namespace

Hardware hardware_of(std::string_view model) {
  Hardware hardware{"Omron", std::string(model), "", Category::unknown};
  const auto is_it = [model](std::string_view pattern) { return fits(pattern, model); };
  if (std::any_of(kCpus.begin(), kCpus.end(), is_it)) {
    const auto series = model.substr(0, model.find_first_of("-_"));
    hardware.product_name = fmt::format("{} CPU Unit", series);
    hardware.category = Category::plc;
  } else if (const auto* unit = find(model)) {
    hardware.product_name = std::string(prefix_of(model).name).append(unit->name);
    hardware.category = unit->category;
  }
  return hardware;
}

bool is_safety_controller(std::string_view model) {
  return find(kSafetyControllers, model) != nullptr;
}

}  // namespace ot::protocols::fins
