"""The words that invented companies and people are made of."""

FIRST_NAMES = tuple(
    "Aroha Wiremu Mere Tane Hana Nikau Olivia Noah Amelia Jack Isla Oliver Mia Leo "
    "Ava Thomas Grace William Ruby James Zoe Lucas Ella Henry Chloe Samuel Sophie "
    "Daniel Emily Max Lucy Ethan Hannah Oscar Georgia Finn Freya Arlo Matilda Hugo "
    "Priya Arjun Mei Wei Yuki Kenji Fatima Omar Leila Yusuf Ana Mateo Sofia Diego "
    "Ines Pedro Greta Lars Astrid Nils Zofia Jakub Katya Pavel Nia Kwame Amara Femi "
    "Talia Rohan Anjali Vikram Sinead Cormac Niamh Declan Morgan Rhys Carys Owen "
    "Beatrice Victor Margaret Colin Shirley Trevor Denise Graham Paula Stuart".split()
)

LAST_NAMES = tuple(
    "Ngata Parata Tipene Walker Hughes Clarke Bennett Fraser Campbell Stewart Morrison "
    "Sinclair Douglas Barker Whitfield Thornton Hale Ashworth Pemberton Lockwood "
    "Fairbairn Marsh Holloway Redfern Cartwright Mason Turner Fletcher Cooper Sawyer "
    "Patel Shah Mehta Iyer Kapoor Singh Chen Wang Liu Zhang Tanaka Sato Kim Park "
    "Nguyen Tran Hassan Rahman Khan Ali Garcia Lopez Torres Navarro Silva Costa Rossi "
    "Moretti Weber Schneider Jansen Visser Larsen Nilsson Novak Kowalski Petrov "
    "Okafor Mensah Adeyemi Botha Murphy Kelly Doyle Gallagher Brennan Evans Davies "
    "Griffiths Pritchard Hawkins Dawson Greaves Birch Oakley Rowan Heath Brook Lane "
    "O'Connor O'Neill MacDonald McKenzie McIntyre St.Clair Smith-Jones Harrington "
    "Blackwood Winters Summers Frost Hart Rivers Stone Field Woods Bishop "
    "Abbott".split()
)

NAME_STARTS = tuple(
    "Bayside Harbour Kauri Rimu Totara Southern Northern Pacific Tasman Alpine Coastal "
    "Riverside Hillcrest Lakeview Greenstone Ironbark Bluegum Redwood Silverdale "
    "Oakfield Ashgrove Elm Birchwood Cedar Maple Juniper Willow Hawthorn Thistle "
    "Heather Bramble Foxglove Kestrel Falcon Heron Kingfisher Wren Tui Kea Kiwi "
    "Wattle Banksia Saltbush Opal Granite Slate Copper Amber Cobalt Crimson Golden "
    "Bright Clear Swift Prime Summit Apex Pinnacle Beacon Anchor Compass Meridian "
    "Polaris Orion Zenith Horizon Frontier Pioneer Heritage Regent Crown Abbey "
    "Castle Bridge Mill Station Quay Wharf Market Union Central Metro Valley".split()
)

TRADES = tuple(
    "Accounting, Advisory, Agriculture, Architects, Auto Repairs, Bakery, "
    "Boatworks, Books, Brewing, Builders, Cafe, Catering, Ceramics, Cleaning, "
    "Coffee Roasters, Communications, Concrete, Construction, Consulting, "
    "Courier, Cycles, Dairy, Dental, Design, Distribution, Drilling, Electrical, "
    "Engineering, Events, Farm Supplies, Fencing, Fisheries, Floors, Flowers, "
    "Foods, Freight, Furniture, Garden Centre, Glass, Health, Homes, Hotel, "
    "Imports, Insurance Brokers, Irrigation, Joinery, Kitchens, Laboratories, "
    "Landscapes, Law, Lighting, Logistics, Machinery, Marine, Media, Metals, "
    "Motors, Nurseries, Optics, Organics, Outdoor, Packaging, Painters, "
    "Pharmacy, Photography, Plastics, Plumbing, Print, Properties, Recruitment, "
    "Recycling, Refrigeration, Roofing, Security, Signs, Software, Sports Club, "
    "Steel, Storage, Stationery, Surveyors, Systems, Textiles, Tiles, Timber, "
    "Tools, Tours, Toys, Training, Transport, Travel, Veterinary, Vineyards, "
    "Water, Wholesale, Wines".split(", ")
)

STREETS = tuple(
    "Albert, Bank, Beach, Bridge, Castle, Cedar, Church, Cuba, Dominion, Elm, "
    "Fort, George, Great North, High, Hobson, Jervois, King, Lake, Lambton, "
    "Manukau, Maple, Market, Mill, Oak, Park, Ponsonby, Queen, Railway, River, "
    "Station, Stuart, Tory, Victoria, Wharf, Willis".split(", ")
)

STREET_KINDS = ("Street", "Road", "Avenue", "Lane", "Terrace", "Place")

GROUPS = ("Retail", "Wholesale", "Trade", "Newsletter", "VIP", "Contractors")

PRODUCTS = tuple(
    "Site visit, Hire of a digger, Delivery, Annual service, Spare parts, "
    "Oak shelving, Cement 20 kg, Paper A4, Design work, Safety boots, "
    "Garden labour, Catering, Window cleaning, Network cable, Monthly support, "
    "Printing, Timber 4 by 2, Coffee beans 1 kg, Bicycle tune-up, Legal advice, "
    "Storage, Freight, Paint 10 l, Training day, Office chairs, Translation, "
    "Fencing wire, Seedlings, Travel, Web hosting".split(", ")
)
