"""What the question lint looks for in English, by rule. Read as lint_rules.py says."""

from debriefs.guides.lint_patterns import any_of

_AUX = r"(?:do|does|did|is|are|was|were|have|has|had|can|could|would|will|should|may|might|am|must)"
_ASKS = r"(?:what|how|who|whom|whose|when|where|which|why)"
_PEOPLE = r"(?:you|your|he|she|they|we|our|us|anyone|anybody|someone|somebody|nobody|no one)"
_TELL = (
    r"(?!you (?:please |briefly |just )?(?:tell|walk|talk|describe|take|give (?:me|us an?\b)|share|explain|say more|"
    r"help me|outline|sketch|go through|recall|think back|say a (?:little|bit|few)|expand|elaborate)\b)"
)
_TAG = rf"(?:right|correct|no|yes|true|agreed|surely|or not|{_AUX}(?:n't)? (?:it|you|we|they|he|she|that|there)|don't you think)"
_THINGS = (
    r"(?:price|pricing|costs?|products?|services?|support|quality|demos?|demonstrations?|proposals?|salespeople|team|"
    r"implementation|timeline|security|usability|features?|training|plan|offer|scope|speed|interface|contract|onboarding|"
    r"reports?|documentation|references?|integrations?|migration|trial|pilot|licences?|licensing|roadmap|consultants?|"
    r"reliability|performance|communication|presentation|responsiveness|expertise)"
)
_RIVAL = (
    r"(?:they|them|their|(?:the|your) (?:\w{1,20} )?(?:competitor|rival|winner|competition|bidder)(?:'s|s)?|"
    r"(?:the|your) (?:other|winning|competing|chosen|rival|new|successful|selected|preferred) "
    r"(?:vendor|supplier|provider|bidder|company|party|firm|partner|offer|proposal|bid|tender|one)(?:'s|s)?|the winning)"
)
_PAPERS = r"(?:offers?|proposals?|bids?|slides?|presentations?|contracts?|quotes?|quotations?|price lists?|documents?|decks?|tenders?|papers|roadmaps?|plans)"
_OFFER = r"(?:offer|quote|quotation|proposal|terms|demo|demonstration|price list|pricing|prices|discount|trial|pilot|deal|version|upgrade|release|package)"
_FEELING = (
    r"(?:frustrat|annoy|confus|pleas(?:ed|ant|ing)|great\b|bad\b|poor\b|hard\b|difficult|easy\b|disappoint|satisf|impress|happy|unhappy|"
    r"excit|thrill|delight|reliev|shock|upset|angry|pain(?:ful|less)|terribl|awful|amaz|wonderful|helpful|convincing|"
    r"damaging|horribl|glad\b|gratef|irritat|unpleasant|superior|smooth|outrag|attractive|reassur)"
)
_PRAISE = (
    r"(?:excellent|great|superior|outstanding|leading|best|award-winning|unique|fast|quick|generous|competitive|"
    r"attractive|proven|innovative|powerful|impressive|world-class|first-class|friendly|modern|intuitive|superb|"
    r"unrivalled|fair|state-of-the-art|market-leading|affordable|experienced|renowned|reliable|popular)"
)
_SLIGHT = (
    r"(?:slow|poor|late|bad|weak|confusing|unclear|sloppy|excessive|complicated|unreliable|rude|pushy|incomplete|"
    r"disappointing|terrible|clumsy|outdated|inflexible|broken|high|steep|overpriced|missing|inexperienced|delayed|rushed|flawed)"
)
_FAILED = r"(?:forgot|failed|missed|lost|broke|cancelled|delayed|ignored|disappointed|messed|mishandled|was late|were late|let you down|made (?:a|the) mistake)"

PATTERNS = {
    "closed": any_of(
        # Turned round without a question word: "Did the demo …?". "Were the price the same, how …?" is a condition.
        rf"^(?:so,? |and |but |or |then,? |well,? )?{_AUX}(?:n't)? {_TELL}(?![^?]{{0,200}}, {_ASKS}\b)",
        rf"^(?!{_ASKS}\b|if\b|suppose)[^,?]{{3,60}}, (?!{_TAG} ?\?){_AUX}(?:n't)? {_TELL}\w",
        rf"^(?:if|when|since|after) [^,?]{{3,80}}, {_AUX} (?:you|we|it|they|he|she|our|your|the)\b {_TELL}",
        r"\b(?:know|hear|tell me|tell us|ask(?: you)?|wonder(?:ing)?|curious|see|say) (?:whether|if)\b",
        r"^(?:and |so )?(?:any|ever|anything|anyone)\b|^(?:just )?to (?:confirm|be clear|check)\b",
        # A statement with a question mark.
        rf"^(?:and |so )?(?:you|we|they|it|he|she|this|that|there|(?:our|your|the) \w{{1,20}}) (?![^?]{{0,200}}\b(?:{_ASKS}|whether|if)\b)"
        rf"(?![^?]{{0,200}}, {_TAG} ?\?)[^?]{{3,200}}\?",
    ),
    "leading": any_of(
        r"^(?:given|considering) how \b|^(?:it|that|this) (?:sounds|seems|looks|appears|feels) (?:like|as if|as though|that|clear)\b|^(?:i|we) (?:gather|heard|hear|understand|believe|think|know|feel) (?:that )?(?:you|it|the|our|price)\b",
        r"\b(?:made|makes|make) (?:our|us) (?:\w{1,20} )?(?:the|so|stand)\b|\ba shame\b|\bwe (?:are|were) (?:known|the best|the market|proud|confident)\b",
        r"\b(?:our )?(?:competitors|rivals|other vendors|others) (?:are|is) (?:known|notorious|infamous|famous)\b",
        r"\bwhy (?:didn't|don't|wouldn't) (?:you|your|they|we|our|the)\b",
        r"(?:^|[,;:.] |\band |\bso |\bbut )(?:\w{2,6}n't) (?:you|it|that|they|we|our|your|the|there|this|his|her|their)\b(?! \w{1,12} have (?:told|known))",
        r"^(?:is|was|are|were|do|does|did|would|have|has|had) (?:it|you|that|they|the \w{1,20}|our \w{1,20}) not\b",
        r"\b(?:would|do|did) you (?:not )?(?:agree|admit|concede)\b|^(?:so,? )?would you (?:not )?say (?:that|it|we|our|the)\b",
        r"\b(?:fair|right|true|safe|correct) (?:to say|to assume|that)\b",
        rf", {_TAG} ?\?",
        r"\b(?:surely|obviously|undoubtedly|no doubt|of course|as you know|as we all know|evidently|needless to say)\b|(?<!how )\bclearly\b",
        r"\b(?:i|we) (?:imagine|assume|suppose|guess|bet|take it|am sure|are sure|trust)\b|\bi'm sure\b",
        r"\b(?:you|it|that|they|this|your \w{1,20}) (?:must|will surely|will certainly) have\b|\byou (?:were|are|probably|certainly) (?:probably|certainly|surely|clearly|no doubt)\b",
        r"\b(?:\w{1,6} of our|most|many|all|other) (?:of our )?(?:buyers|customers|people|users|clients|analysts|experts|companies|others) (?:say|feel|think|find|tell|love|agree|praise|prefer|report|have told|rate)\b",
        r"\b(?:everyone|everybody) (?:say|feel|think|find|tell|love|agree|praise|prefer)s?\b",
        rf"\bour (?:\w{{1,20}} )?(?:is|are) (?:widely |generally |often )?(?:considered|known|regarded|seen as|recognised|rated|voted|the (?:most|best|fastest|leading|only))\b|\bour (?:\w{{1,20}} )?{_PRAISE} \w",
        r"\bwhat (?:did|do) you (?:most |really |particularly |especially )?(?:love|hate|enjoy|admire|appreciate)\b|\bwhat (?:impressed|delighted|thrilled) you\b",
        r"\bhow (?:badly|severely|sorely|deeply|greatly)\b",
        r"\bhow much of an? (?:\w{1,12} )?(?:relief|problem|burden|shock|disappointment|advantage|improvement|benefit|hassle|pain|nuisance|pleasure|worry|obstacle)\b",
    ),
    # Matters of degree, which a scale may well ask for.
    "leading_degree": any_of(
        rf"\bhow (?:very |truly |really |much )?{_FEELING}\w{{0,9}}(?! (?:was it |is it )?to (?:say|tell|know))",
        r"\bhow good (?:was|were|is|are|did)\b",
        r"\bhow much (?:better|worse|easier|faster|did you (?:like|love|enjoy|value|appreciate))\b",
        r"\bhow much (?:did|does|do|has|have)\b[^?]{0,60}\b(?:hurt|harm|damage|annoy|suffer|disappoint)\w{0,4}\b",
    ),
    "double": any_of(
        r"\b(?:pros and cons|strengths and weaknesses|advantages and disadvantages|likes and dislikes|good and bad points|ups and downs)\b",
        r"\band (?:on|for|by|in|at|under|with) (?:what|which|whose)\b|\bor (?:had|have|has|should|could|can|will|might) (?:you|it|they|we|he|she|the|your|our)\b",
        r"\b(?:how (?:satisfied|happy|content|confident|comfortable|pleased|involved|important)) (?:was|were|are|is) (?:the |your |our )?\w{3,20} and (?:the |your |our )?\w{3,20}\b",
        r"\b(?:impressions?|opinions?|views?|thoughts?|assessments?|feelings?|expectations?) (?:of|on|about|for) (?:the|our|your) \w{3,20}(?: \w{3,20})? and (?:of |on |about |for )?(?:the|our|your|its)\b",
        r"\?[^?]{1,500}\?",
        rf"^(?!.{{0,300}}\bbetween (?:{_ASKS})\b).{{0,1900}}?\b(?:and|or) (?:also )?(?:{_ASKS}|whether|did|was|were|do|is|are|would)\b",
        r"\b(?:and|or) (?:from|by|to|with|in|at|for|of|on|about|through) (?:which|what|whom|whose)\b",
        r"\band (?:may|can|could|shall|should|will|have|has|had) (?:we|you|i|it|they|he|she)\b",
        r"\bif (?:so|not|yes|no),? (?:" + _ASKS + r")\b",
        rf"(?<!between )(?<!between our )(?<!between the )\b{_THINGS},? (?:and|or) (?:of |with )?(?:the |our |your )?(?:\w{{1,20}} )?{_THINGS}\b(?! against each other| with each other| in the balance)",
        r"(?<!between )\bour \w{3,20},? and (?:our )?(?!theirs|yours|the other|that|those|a |an |how|your)\w{3,20}\b",
        r"\bas well as (?:our|the|your|of|with|by|in|to)\b",
        r"\bhow \w{3,20} and (?:how )?\w{3,20} (?:was|were|did|do|does|is|are|would|you|your|our)\b",
        r"\b(?:like|love|liked) and (?:dislike|hate|miss|not like|disliked)\b",
        r"\b(?:your|our|the) \w{2,20}, (?:your |our |the )?\w{2,20},? and\b",
        r"^(?:so,? |and )?(?:was|were|is) (?:it|this|that)\b[^?]{1,120}\bor (?!not\b|no\b|so\b|more\b|less\b|two\b)",
    ),
    "blame": any_of(
        r"\bwhat (?:were|are) (?:you|they|your \w{1,20}) thinking\b|\bwhy on earth\b|\bwhose (?:idea|decision|job|responsibility) was it\b|\bhow dare\b",
        r"\b(?:behind our backs?|badly advised|poorly (?:prepared|managed|organi[sz]ed|handled) (?:on|by|in) your)\b|\bunfair(?:ly)? to us\b",
        rf"\bwhy (?:did|didn't|do|don't|would|wouldn't|could|couldn't|were|weren't|was|wasn't|have|haven't|has|hasn't|had|hadn't|is|isn't|are|aren't) {_PEOPLE}\b",
        r"\bwhy\b(?=[^?]{0,120}\b(?:you|your|us|our)\b)[^?]{0,80}\b(?:never|nobody|no one)\b",
        r"\bhow (?:come|could) (?:you|your|our|they|he|she|nobody|no one|anyone)\b",
        r"\bwhat (?:was|were|is) (?:the|your) (?:reason|excuse|justification)s? (?:for )?(?:not|ignor|refus|fail|break|exclud|reject|leav)\w{0,4}\b|\bfor what reason did (?:you|your|our)\b|\bexcuse\b",
        r"\bgiv(?:e|ing|en) us (?:a|any) (?:fair|real|proper|decent) \w{1,12}\b",
        r"\b(?:whose|at) fault\b",
        r"\bto blame\b",
        r"\b(?:you|your|we|our|us|he|she|they|who|whose|consultant|salesperson|sales)\b[^?]{0,40}\bfail(?:ed|ure|s)?\b",
        r"\bfail(?:ed|ure|s)?\b[^?]{0,20}\b(?:you|your|our|us)\b",
        r"\b(?:mistakes?|errors?|blunders?)\b[^?]{0,12}\b(?:did|do|have|has|made|led)\b",
        r"\b(?:our|your|whose|their) (?:mistakes?|errors?|blunders?)\b",
        r"\b(?:we|you|they|he|she|consultant|team|manager) (?:\w{1,12} )?(?:go|went|gone) wrong\b|\bwent wrong (?:on|at|in|with) (?:your|our)\b",
        r"\b(?:ignor|mislead|misled|overlook|neglect|sabotag|mishandl|botch|ruin)\w{0,4} (?:our|us|you|your|the|it|this)\b",
        r"\bwho\b[^?]{0,40}\b(?:forgot|ignored|overlooked|delayed|killed|botched|ruined|sabotaged|messed|bungled|caused|torpedoed|misplaced)\b",
        r"\b(?:responsible|accountable) for (?:the|this|that|our|your) (?:\w{1,20} )?(?:misunderstanding|mistake|delay|failure|problem|error|mess|confusion|loss|breakdown|chaos)\b",
        r"\bwhich (?:of|member of|one of)? ?(?:our|your) (?:people|team|staff|colleagues|salespeople|reps|consultants|side)\b[^?]{0,40}\b(?:let|disappoint|annoy|caus|irritat|upset|offend)\w{0,4}\b",
        r"\b(?:keep\w{0,3}|kept|broke|break\w{0,3}|broken)\b (?:your|a|our|their) (?:promises?|word|commitments?)\b",
        r"\bshould(?:n't)? you have\b",
        r"\b(?:incompeten\w{0,3}|unprofessional\w{0,2}|careless\w{0,4}|drop(?:ped)? the ball|mess(?:ed)? up|poor job|let you down|let us down|"
        r"screw\w{0,6}|(?:do|did|done) wrong|blew it|waste your time|wasted your time)\b",
        r"\bshould(?:n't)? have (?:known|noticed|told|seen|warned|asked|called|involved)\b",
    ),
    "resell": any_of(
        r"\b(?:tempt|persuade|convince|sway|win) you (?:to|with|back|over|that|after all)\b(?=[^?]{0,80}\?)(?<!did you)|\b(?:another|one more|a second) (?:go|try|shot|opportunity|attempt)\b|\bdoor (?:is |still |remains? )?(?:still )?open\b",
        r"\b(?:shall|should|could|can|may|let us|would you like to) (?:we |i |us )?[^?]{0,50}\b(?:revisit|reopen|reconsider|renegotiate|rediscuss|go over the price|talk about the price)\b",
        r"\bwhat if we\b|\bhow (?:can|could|might) we (?:still )?(?:convince|persuade|win|get you|change your|earn|regain)\b|\bour new \w{1,20} (?:fix|solv|address|chang|remov|has|does)\w{0,3}\b",
        r"\bre-?(?:consider|think)\w{0,3}\b|\bthink again\b|\b(?:second|another|one more|new) chance\b|\b(?:second|fresh|another|new) look at (?:us|our)\b",
        r"\b(?:would|could|might) you (?:now )?(?:look again|give us another|try us)\b",
        r"\bwhat would it (?:still )?take\b|\bwhat would (?:we|our \w{1,20}) (?:have|need) to\b(?! have)",
        r"\bwhat (?:can|could|may|might) we (?:still |now |possibly )?(?:do|offer|change|give)(?: you)?(?: now| today| still)?(?: ?\?| to (?:get|win|earn|change|bring|convince|make|keep|turn|persuade|regain|have)| so that)",
        r"\b(?:if|suppose|supposing|assuming|imagine|provided|say) (?:that )?we (?:now |were to )?(?:lower|reduc|cut|drop|offer|match|gave|give|could|can|add|includ|threw|throw|waiv|sweeten|extend|halv|improv|beat|made you|make you|came|come|put|shorten|guarantee)\w{0,4}\b",
        r"\b(?:change|reverse|revisit|reopen|overturn) (?:your|the) (?:mind|decision|choice)\b|\bw[io]n (?:you|the deal|your business|it|the contract) back\b|\b(?:get|win|have) the contract\b",
        r"\bback (?:in|into|in to) (?:the )?(?:race|game|running|business|play|contention|talks)\b|\bcome back to (?:us|our)\b|\bswitch (?:back )?to us\b|\breturn to us\b",
        r"\b(?:new|improved|updated|revised|better|fresh|special|final|more attractive|sharper) (?:offer|proposal|quote|quotation|deal|terms)\b|\bbetter (?:price|conditions)\b|\bour new (?:version|release|price list|prices|pricing|module)\b",
        r"\bmay we offer\b",
        r"\bstill (?:\w{1,12} )?(?:open|time|room|possible|negotiable|a chance|a way)\b|\bnot too late\b|\btoo late to\b|\broom (?:to|for) (?:talk|negotiat|discuss|manoeuvr)\w{0,5}\b",
        r"\b(?:did you know|do you know|are you aware|were you aware|have you (?:seen|heard|tried|noticed))\b (?:that |about |of )?(?:we|our|what our|what we|the \w{1,20}(?: that| which)? we)\b(?=[^?]{0,80}\b(?:now|new|newest|latest|releas|launch|just|recent|since|last|can|could|have|has|also|offer))",
        r"\bdid you know (?:that )?(?:we|our)\b",
        r"\b(?:would|could|how would|with) (?:a |another |our |any )?(?:\w{1,12} )?discount\b",
        r"\bwould an? [^?]{0,40}\b(?:make|change|convince|persuade|sway|bring|tempt|win|get) you\b",
        r"\b(?:under what|in what|under which) (?:circumstances|conditions) (?:would|could|might) (?:you|we)\b",
        r"\bwould you (?:be (?:open|willing|ready|prepared|interested)|consider|like|care|want)\b[^?]{0,60}\b(?:offer|quote|terms|proposal|demo|demonstration|trial|pilot|another try|sales|account manager|discount|signing|buying from us|switching)\b",
        rf"\b(?:can|could|may|shall|might|let) (?:i|we|us|our \w{{1,20}}(?: \w{{1,20}})?)\b[^?]{{0,40}}\b(?:send|show|present|call|contact|visit|arrange|schedule|set up|offer|introduce|submit|prepare|make)\b[^?]{{0,60}}\b{_OFFER}\b",
    ),
    "presume": any_of(
        r"\b(?:damage|harm|trouble|pain|hassle|problems?|difficulties|frustration|confusion|disruption) (?:from|caused by|due to|because of|with|did|has|have) our\b|\bwhat (?:problems?|trouble|damage|harm|difficulties|confusion|inconvenience) (?:did|has|have|was|were)\b(?=[^?]{0,30}\b(?:our|we)\b)",
        r"\bwhat (?:was|is|were) (?:so )?wrong (?:with|about)\b|\bour (?:lack|failure|absence|inability|shortage|refusal|neglect|overpric|inexperience)\w{0,3}\b|\b(?:go|went|going|gone) (?:downhill|off track|sour|south)\b",
        r"\bwhy (?:was|were|is|are|did|does) (?:our|we|the) (?:\w{1,20} ){1,3}(?:too|so|not|seem|feel) ?\w{0,14}",
        r"\bwhich (?:of )?(?:(?:our|their|the (?:\w{1,20} )?\w{1,20}'s?|\w{1,20}'s) )(?:many )?(?:problems|weaknesses|mistakes|shortcomings|advantages|strengths|benefits|flaws|defects|failings|faults)\b",
        r"\bwhat was the (?:biggest|main|worst|greatest) (?:problem|mistake|weakness|flaw|disappointment|failing|shortcoming) (?:with|in|of|about) (?:our|the|us)\b",
        r"\b(?:when|at (?:which|what) \w{1,20}(?: of our \w{1,20})?|why|how|how soon|since when|what made|how long)\b[^?]{0,50}\b(?:you|your \w{1,20})\b[^?]{0,15}\b(?:regret\w{0,4}|stop\w{0,3} (?:trust|believ|lik|want|feel|listen)\w{0,3}|los[et] (?:your )?(?:faith|trust|confidence|interest|patience|hope)|give up on|become (?:unhappy|frustrated|disappointed|dissatisfied|suspicious)|start\w{0,3} (?:to )?(?:doubt|distrust|dislik)\w{0,3}|get over|recover from|cope with the|overcome)\b",
        r"\b(?:when|at which \w{1,20} of our \w{1,20}) did you (?:first )?(?:lose|stop)\b",
        r"\b(?:when|how|why) did (?:our|we) [^?]{0,30}\b(?:start|begin|manage|come) (?:to )?(?:disappoint|annoy|lose|fall|frustrat|bore|confus|irritat)\w{0,4}\b",
        r"\b(?:regret\w{0,4}|get over|put up with)\b",
        r"\b(?:realis|realiz|notic|discover|find out|found out|see|learn)\w{0,3} (?:that )?our [^?]{0,40}\b(?:is|was|were|are|had|could|did)(?:n't| not| too| no)?\b",
        r"\bwhat (?:annoyed|bothered|disappointed|frustrated|irritated|upset) you\b|\bwhat (?:put|turned) you off\b",
        rf"\bour (?:\w{{1,20}} )?{_SLIGHT} \w{{1,20}}",
        r"\bthe (?:bad|poor|terrible|disappointing|sloppy|rude|unreliable|unhelpful) (?:\w{1,20} )?\w{1,20}\b(?=[^?]{0,40}\?)",
        rf"\b(?:after|when|because|once|given that|although|even though|now that) (?:our|we|the) (?:\w{{1,20}} )?{_FAILED}\b",
        r"^(?:since|as|given that|because) [^,?]{3,60}\b(?:was|were|decided)\b[^,?]{0,40},",
        r"^(?:now that|given that|seeing that|considering that|seeing as) [^,?]{3,80},",
        r"\bstill (?:unhappy|angry|disappointed|annoyed|upset|frustrated)\b",
    ),
    "confidential": any_of(
        rf"\b(?:what|how (?:big|large|much)|which)\b[^?]{{0,10}}\b(?:discount|price|rebate|rate|concession|quote|deal|offer)\b[^?]{{0,20}}\b(?:get|got|have|obtain|negotiate|receive|given|agree)\w{{0,3}}\b[^?]{{0,12}}\b(?:from|with|by) (?:{_RIVAL}|the others?)",
        r"\b(?:what|how much) (?:the|did the|have the) (?:others?|rivals?|competitors?|competition|other (?:vendors|bidders|suppliers)) (?:had )?(?:bid|quoted?|charged?|offered?|asked for|put)\b",
        rf"\b(?:terms|conditions|clauses|price|discount|contract)\b[^?]{{0,40}}\b(?:agreed?|signed|negotiated?|settled|have)\b[^?]{{0,12}}\bwith (?:{_RIVAL}|the other side|the others)",
        r"\bwho (?:was|were|is) (?:our|the) (?:\w{1,12} )?(?:enem\w{1,3}|opponents?|critics?|detractors?|sceptics?|blockers?)\b|\bwhich (?:\w{1,20} )?(?:person|director|manager|member|colleague|executive|head)s?\b[^?]{0,30}\b(?:block|oppos|kill|vot|veto|stop|reject|object|resist|prefer)\w{0,4}\b",
        rf"\b(?:what|how much|how high|how low|how large)\b[^?]{{0,14}}\b(?:price|rate|discount|fee)?\s?(?:did|do|does|are|were|was|is|will) (?:{_RIVAL}\b[^?]{{0,50}}\b(?:quot|charg|bid\b|ask for|cost)|you\b[^?]{{0,20}}\bpay\w{{0,3}} (?:to |for )?{_RIVAL})",
        r"\b(?:what|how much)(?: price| rate| discount)? (?:did|were) (?:they|the (?:other|winning|competing|chosen)\b[^?]{0,60}|your (?:chosen|new) \w{1,20}) (?:quote|charge|offer|bid|charging|quoting)\b",
        rf"\b(?:what|which|how (?:high|low|large|big|much)) (?:is|was|were|are) {_RIVAL} (?:\w{{1,12}} )?(?:price|quote|discount|rate|rates|fee|margin|terms|contract|offer|bid)\b",
        r"\b(?:what|which) (?:discounts?|price|rates?|terms|conditions) did (?:\w{1,20} ){1,3}(?:offer|give|quote|write|grant|put)\b",
        rf"\b(?:what|which) (?:discounts?|prices?|rates?|terms|conditions|clauses|concessions|guarantees)\b[^?]{{0,50}}{_RIVAL}",
        r"\b(?:their|the (?:competitor|rival|other \w{1,12}|winner)'s) (?:roadmap|price list|contract|margins?|pricing|quote)\b",
        rf"\b(?:what|how) (?:did|does|was|were|stood|is) (?:in )?{_RIVAL}(?: {_PAPERS})? (?:look|contain|say|include|state|put|write|offer in|have in)\b",
        rf"\bwhat (?:was|were|is|stood) in {_RIVAL} ?{_PAPERS}?\b",
        rf"\b(?:did|does|has|have) {_RIVAL} (?:tell|told|reveal|disclose|share|shared|let|promise)\w{{0,3}} (?:you )?(?:about |in )?(?:their|its|the|confiden|for)\w{{0,6}}\b",
        rf"\b(?:send|show|forward|share|give|see|have|get|copy of|pass)\b[^?]{{0,30}}\b{_RIVAL}(?:'s)? ?(?:\w{{1,12}} )?{_PAPERS}\b",
        r"\b(?:send|show|forward|share) (?:me|us) (?:with )?(?:their|the (?:other|winning|competitor\w{0,3}))\b",
        r"\bwhich (?:colleagues?|people|persons?) (?:voted|were|was|argued|spoke)\b|\bnames? of (?:the |those |every)?(?:people|colleagues|persons|members|one)\b",
        r"\b(?:who|which (?:of your )?(?:person|people|colleagues?|members?|managers?|directors?))\b[^?]{0,60}\b(?:voted|opposed|(?:was|were|spoke|argued|decided) against|said no|objected|vetoed|killed|for the (?:other|rival|competitor)|preferred (?:the other|them|the rival|the competitor)|rejected us)\b",
        r"\bname (?:the |those )?(?:people|person|colleagues?) who\b",
    ),
    "absolute": any_of(r"(?<!do-)\b(?:always|never|everything|(?<!doing )nothing|everyone|everybody)\b"),
    "negative": any_of(
        r"\bnot un\w{1,20}|\bnot in(?:significant|frequent|convenient|effective|sufficient|adequate)\w{0,2}",
        r"n't\b[^?]{0,80}\bnot\b",
        r"(?:\bnot\b|n't\b|\bnever\b)[^?]{0,80}\b(?:without|unless)\b",
        r"\bless than un\w{1,20}",
        r"\bnot\b[^?]{0,40}\bnot\b",
    ),
    "jargon": any_of(
        r"\b(?:tco|roi|dmu|icp|champion|value prop(?:osition)?s?|upsell|cross-sell|pipeline|funnel|mql|sql|arr|quick wins?|low-hanging|synerg\w{1,4}|usps?|economic buyers?|buyer(?:'s)? journey|customer journey|touchpoints?|go-to-market|"
        r"pain points?|use cases?|buying cent(?:er|re)|kpis?|rfps?|rfis?|slas?|nps|stakeholders?|c-(?:level|suite)|churn|onboarding|deliverables?|learnings|tech stack|best-in-class|enablement|total cost of ownership|win rate|poc|mvp)\b"
    ),
}
