/**
 * The first segments of Microsoft Graph v1.0, in lower case: its entity sets and singletons, as its own client for Python
 * has them (msgraph-sdk-python, `base_graph_service_client.py`). A path that begins otherwise does not exist at Graph.
 */
export const graphSegments: ReadonlySet<string> = new Set(
  (
    "$batch $metadata admin agreementacceptances agreements appcatalogs applications applicationtemplates auditlogs " +
    "authenticationmethodconfigurations authenticationmethodspolicy branding certificatebasedauthconfiguration chats " +
    "communications compliance connections contacts contracts copilot datapolicyoperations deviceappmanagement " +
    "devicemanagement devices directory directoryobjects directoryroles directoryroletemplates domaindnsrecords domains " +
    "drive drives education employeeexperience external filteroperators functions grouplifecyclepolicies groups " +
    "groupsettings groupsettingtemplates identity identitygovernance identityprotection identityproviders " +
    "informationprotection invitations localizations me oauth2permissiongrants organization permissiongrants places " +
    "planner policies print privacy reports rolemanagement schemaextensions scopedrolememberships search security " +
    "serviceprincipals shares sites solutions storage subscribedskus subscriptions teams teamstemplates teamwork " +
    "tenantrelationships users"
  ).split(" "),
);
