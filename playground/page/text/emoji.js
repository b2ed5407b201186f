// The emoji people and apps use most; a name that is not here stays as text.

const TABLE = `
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|warning ⚠️
no_entry ⛔|no_entry_sign 🚫|exclamation ❗|heavy_exclamation_mark ❗|question ❓|grey_question ❔|bangbang ‼️
information_source ℹ️|rotating_light 🚨|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|speech_balloon 💬
tada 🎉|confetti_ball 🎊|sparkles ✨|star ⭐|star2 🌟|fire 🔥|rocket 🚀|zap ⚡|boom 💥|100 💯|trophy 🏆|dart 🎯|gift 🎁
wave 👋|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|clap 👏|pray 🙏|raised_hands 🙌|muscle 💪|ok_hand 👌|eyes 👀|point_right 👉
point_left 👈|point_up ☝️|point_down 👇|raised_hand ✋|v ✌️|handshake 🤝|writing_hand ✍️|shrug 🤷|facepalm 🤦
smile 😄|smiley 😃|grinning 😀|grin 😁|joy 😂|rofl 🤣|slightly_smiling_face 🙂|wink 😉|blush 😊|heart_eyes 😍
thinking_face 🤔|thinking 🤔|neutral_face 😐|confused 😕|disappointed 😞|cry 😢|sob 😭|scream 😱|sweat_smile 😅|sunglasses 😎
sleeping 😴|zzz 💤|partying_face 🥳|robot_face 🤖|ghost 👻|skull 💀|nerd_face 🤓|relieved 😌|see_no_evil 🙈|hugging_face 🤗
heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|black_heart 🖤|broken_heart 💔
clock1 🕐|clock2 🕑|clock3 🕒|clock4 🕓|clock5 🕔|clock6 🕕|clock7 🕖|clock8 🕗|clock9 🕘|clock10 🕙|clock11 🕚|clock12 🕛
timer_clock ⏲️|stopwatch ⏱️|alarm_clock ⏰|hourglass ⌛|hourglass_flowing_sand ⏳|watch ⌚|mantelpiece_clock 🕰️
calendar 📆|date 📅|spiral_calendar_pad 🗓️|sunny ☀️|crescent_moon 🌙|palm_tree 🌴|desert_island 🏝️|coffee ☕|tea 🍵|beer 🍺|pizza 🍕|cake 🍰
arrow_forward ▶️|black_square_for_stop ⏹️|double_vertical_bar ⏸️|black_circle_for_record ⏺️|fast_forward ⏩|rewind ⏪
black_right_pointing_double_triangle_with_vertical_bar ⏭️|repeat 🔁|arrows_counterclockwise 🔄|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️
arrow_down ⬇️|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|arrow_up_small 🔼|arrow_down_small 🔽|heavy_plus_sign ➕|heavy_minus_sign ➖
red_circle 🔴|large_orange_circle 🟠|orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|green_circle 🟢|large_blue_circle 🔵|blue_circle 🔵
large_purple_circle 🟣|large_blue_diamond 🔷|large_orange_diamond 🔶|triangular_ruler 📐|straight_ruler 📏|octopus 🐙|white_circle ⚪|black_circle ⚫|white_large_square ⬜|black_large_square ⬛|large_green_square 🟩|large_red_square 🟥
large_yellow_square 🟨|large_blue_square 🟦|small_blue_diamond 🔹|small_orange_diamond 🔸|radio_button 🔘|checkered_flag 🏁|triangular_flag_on_post 🚩
bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|clipboard 📋|memo 📝|pencil 📝|pencil2 ✏️|page_facing_up 📄
page_with_curl 📃|bookmark_tabs 📑|file_folder 📁|open_file_folder 📂|card_index_dividers 🗂️|card_file_box 🗃️|file_cabinet 🗄️|wastebasket 🗑️
inbox_tray 📥|outbox_tray 📤|email 📧|envelope ✉️|incoming_envelope 📨|package 📦|paperclip 📎|pushpin 📌|round_pushpin 📍|link 🔗|scissors ✂️
lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|old_key 🗝️|shield 🛡️|gear ⚙️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|nut_and_bolt 🔩
mag 🔍|mag_right 🔎|bulb 💡|electric_plug 🔌|battery 🔋|computer 💻|desktop_computer 🖥️|keyboard ⌨️|iphone 📱|telephone_receiver 📞|satellite 🛰️|bug 🐛
beetle 🐞|construction 🚧|building_construction 🏗️|house 🏠|office 🏢|factory 🏭|globe_with_meridians 🌐|earth_africa 🌍|world_map 🗺️
money_with_wings 💸|moneybag 💰|dollar 💵|euro 💶|credit_card 💳|receipt 🧾|scales ⚖️|briefcase 💼|label 🏷️|ticket 🎫|game_die 🎲|jigsaw 🧩
bust_in_silhouette 👤|busts_in_silhouette 👥|man 👨|woman 👩|baby 👶|dog 🐶|cat 🐱|bee 🐝|seedling 🌱|evergreen_tree 🌲|four_leaf_clover 🍀|snowflake ❄️
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|new 🆕|ok 🆗|sos 🆘|free 🆓|soon 🔜|back 🔙
`;

const EMOJI = new Map();
for (const line of TABLE.trim().split('\n')) {
  for (const entry of line.split('|')) {
    const [name, character] = entry.split(' ');
    EMOJI.set(name, character);
  }
}

export const EMOJI_PATTERN = /^:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/;

export function emojiCharacter(name) {
  return EMOJI.get(name) ?? null;
}

/** Replaces the known :names: in plain text. */
export function replaceEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/g, (whole, name) => EMOJI.get(name) ?? whole);
}
